"""A call is published by two people, within its level's budget, and copied for the next year."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.clock import database_now
from accounts.errors import NotAllowed, OutOfTurn
from accounts.models import Change, Message, Region
from accounts.working_days import is_working_day
from config.demo.cast import Cast
from tests.factories.ventures import make_colleague, make_round, make_source, publish
from timebank.doors import fund_position
from ventures.errors.rounds import (
    AboveLevelBudget,
    BudgetBelowTaken,
    CapAboveLevel,
    NobodyToPublish,
    OwnCallNotPublished,
    RoundIncomplete,
)
from ventures.forms.rounds import RoundForm
from ventures.models import Round
from ventures.rules.rounds import publishers_of
from ventures.services.conditions import write_conditions
from ventures.services.level_budgets import set_level_budget
from ventures.services.round_copying import copy_round
from ventures.services.round_publishing import (
    propose_round,
    publish_round,
    return_round,
    take_back_round,
)
from ventures.services.second_person_news import tell_those_above

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def draft(cast: Cast, **fields) -> Round:
    return make_round(
        created_by=fields.pop("created_by", cast.fan),
        state=Round.State.DRAFT,
        eligibility="登记或备案的社会组织",
        **fields,
    )


def test_call_is_proposed_by_one_and_published_by_another(cast: Cast):
    wen = make_colleague(cast.fan)
    round = propose_round(draft(cast), acting_user=cast.fan)

    with pytest.raises(OwnCallNotPublished) as refused:
        publish_round(round, acting_user=cast.fan)
    for stranger in (cast.xu, cast.ou, cast.shu):
        with pytest.raises(NotAllowed):
            publish_round(round, acting_user=stranger)
    returned = return_round(round, reason="截止时间写错了", acting_user=wen)
    again = propose_round(returned, acting_user=cast.fan)
    published = publish_round(again, acting_user=wen)

    assert "闻副局长（海宁市经办人）" in str(refused.value)
    assert (published.state, published.proposed_by, published.published_by) == (
        "open",
        cast.fan,
        wen,
    )
    assert fund_position(round.fund_key).total_fen == round.fund_fen
    told = Message.objects.filter(to_user=cast.fan).values_list("kind", flat=True)
    assert set(told) == {"round_returned", "round_published"}
    assert Message.objects.filter(to_user=wen, kind="round_proposed").count() == 2


def test_whoever_wrote_last_does_not_publish_though_another_proposed(cast: Cast):
    wen = make_colleague(cast.fan)
    third = make_colleague(cast.fan, name="于科员")
    round = draft(cast)
    write_conditions(round, [{"check_name": "age", "figure": 12}], acting_user=wen)

    proposed = propose_round(round, acting_user=cast.fan)

    assert publishers_of(proposed) == [third]


def test_town_of_one_officer_is_published_by_the_city(cast: Cast, client):
    xucun = Region.objects.get(code="330481101000")
    round = draft(cast, created_by=cast.xu, region=xucun, level="town")
    client.force_login(cast.xu)

    desk = client.get(reverse("ventures:round-desk", args=[round.code])).content.decode()
    proposed = propose_round(round, acting_user=cast.xu)
    client.force_login(cast.fan)
    home = client.get("/home/").content.decode()

    assert "审核发布的是：范科长（海宁市经办人）" in desk
    assert "征集公告等您审核发布" in home
    assert publish_round(proposed, acting_user=cast.fan).state == "open"


def test_who_is_away_holds_nothing_up(cast: Cast, client, monkeypatch):
    """A colleague has until the end of the next working day; then the city may publish as well."""
    xucun = Region.objects.get(code="330481101000")
    colleague = make_colleague(cast.xu, name="钱副镇长")
    round = propose_round(
        draft(cast, created_by=cast.xu, region=xucun, level="town"), acting_user=cast.xu
    )
    client.force_login(cast.xu)
    url = reverse("ventures:round-desk", args=[round.code])

    early = client.get(url).content.decode()
    assert publishers_of(round) == [colleague]
    assert "从第二天起范科长（海宁市经办人）也可以处理" in early
    with pytest.raises(NotAllowed):
        publish_round(round, acting_user=cast.fan)
    assert tell_those_above() == 0
    later = database_now() + timedelta(days=15)
    monkeypatch.setattr("ventures.rules.second_person.database_now", lambda: later)

    late = client.get(url).content.decode()
    assert publishers_of(round) == [colleague, cast.fan]
    assert "没有处理，所以范科长（海宁市经办人）也可以处理" in late
    assert (tell_those_above(), tell_those_above()) == (1, 1)
    told = Message.objects.get(to_user=cast.fan, kind="second_person")
    assert told.link == url
    client.force_login(cast.fan)
    assert "征集公告等您审核发布" in client.get("/home/").content.decode()
    publish_round(round, acting_user=cast.fan)
    facts = Change.objects.get(verb="publish", acting_user=cast.fan).facts
    assert facts["instead_of"] == [colleague.pk]


def test_city_of_one_officer_is_told_whom_to_appoint(cast: Cast):
    round = draft(cast)

    with pytest.raises(NobodyToPublish) as refused:
        propose_round(round, acting_user=cast.fan)

    assert "岗位任免" in str(refused.value)


def test_what_is_proposed_stands_until_taken_back(cast: Cast, client):
    make_colleague(cast.fan)
    round = propose_round(draft(cast), acting_user=cast.fan)
    client.force_login(cast.fan)

    edit = client.get(reverse("ventures:round-edit", args=[round.code]))
    with pytest.raises(OutOfTurn):
        write_conditions(round, [], acting_user=cast.fan)
    take_back_round(round, acting_user=cast.fan)

    assert edit.status_code == 409
    assert client.get(reverse("ventures:round-edit", args=[round.code])).status_code == 200
    assert Change.objects.filter(verb="take_back").count() == 1


def test_sources_say_the_whole_fund_to_the_fen(cast: Cast):
    make_colleague(cast.fan)
    round = draft(cast)
    round.sources.all().delete()
    make_source(round, amount_fen=round.fund_fen - 1)

    with pytest.raises(RoundIncomplete) as refused:
        propose_round(round, acting_user=cast.fan)
    make_source(round, kind="company", amount_fen=1)

    assert "资金来源与总额一致" in str(refused.value)
    assert propose_round(round, acting_user=cast.fan).state == "proposed"


def test_designation_has_no_money_and_no_fund(cast: Cast):
    make_colleague(cast.fan)
    round = draft(cast, purpose="designation", fund_fen=0, cap_fen=0)

    with pytest.raises(RoundIncomplete) as refused:
        propose_round(round, acting_user=cast.fan)
    Round.objects.filter(pk=round.pk).update(honour="七彩社区示范项目")
    published = publish(round)

    assert "授予的名称" in str(refused.value)
    assert published.state == "open"
    assert fund_position(round.fund_key).total_fen == 0


def test_level_budget_bears_what_its_rounds_take(cast: Cast):
    make_colleague(cast.fan)
    round = draft(cast)
    budget = {
        "programme": round.programme,
        "region": round.region,
        "year": round.year,
        "document_number": "海财〔2026〕1 号",
        "acting_user": cast.fan,
    }
    set_level_budget(**budget, amount_fen=60_000_000, cap_fen=4_000_000)

    with pytest.raises(CapAboveLevel):
        propose_round(round, acting_user=cast.fan)
    set_level_budget(**budget, amount_fen=60_000_000, cap_fen=None)
    publish(round)
    second = draft(cast, fund_fen=5_000_000)
    with pytest.raises(AboveLevelBudget) as refused:
        propose_round(second, acting_user=cast.fan)
    with pytest.raises(BudgetBelowTaken):
        set_level_budget(**budget, amount_fen=59_999_999, cap_fen=None)
    with pytest.raises(NotAllowed):
        set_level_budget(**budget | {"acting_user": cast.xu}, amount_fen=1, cap_fen=None)

    assert "还可安排 ¥0.00" in str(refused.value)
    form = RoundForm(instance=second, acting_user=cast.fan)  # and before she has written it all
    assert "还可安排 ¥0.00" in form.fields["fund"].help_text


def test_copy_moves_dates_to_working_days_and_leaves_the_number_blank(cast: Cast):
    round = make_round(
        created_by=cast.fan,
        name="2026 年度七彩社区",
        code="2026-city",
        number_prefix="QC2026-S",
        document_number="海民〔2026〕1 号",
        honour="",
        year=2026,
    )
    round.conditions.create(check_name="age", figure=12, set_by=cast.fan)

    copy = copy_round(round, acting_user=cast.fan)
    twice = copy_round(round, acting_user=cast.fan)

    assert (copy.state, copy.code, copy.number_prefix) == ("draft", "2027-city", "QC2027-S")
    assert (copy.name, copy.year, copy.document_number) == ("2027 年度七彩社区", 2027, "")
    assert (twice.code, twice.number_prefix) == ("2027-city-2", "QC2027-S-2")
    assert copy.copied_from == round
    assert copy.closes_at - round.closes_at >= timedelta(weeks=52)
    for instant, before in ((copy.opens_at, round.opens_at), (copy.closes_at, round.closes_at)):
        local = timezone.localtime(instant)
        assert is_working_day(local.date())
        assert local.time() == timezone.localtime(before).time()
    for name in ("tiers", "sources", "conditions", "tracks"):
        assert getattr(copy, name).count() == getattr(round, name).count()
    assert copy.rubric is not None
    assert copy.rubric != round.rubric
    with pytest.raises(NotAllowed):
        copy_round(round, acting_user=cast.xu)
