"""A round ends without awards (流标, 终止征集): by two people, with everything that hung on it."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.errors import NotAllowed, ReasonMissing
from accounts.models import Message
from config.demo.cast import Cast
from tests.factories.ventures import make_colleague, make_proposal, make_round, make_source, publish
from tests.factories.ventures_awards import make_panel
from tests.factories.ventures_needs import make_listed_need
from tests.ventures.conftest import close
from timebank.doors import fund_position
from ventures.errors.proposals import NoTransfer
from ventures.errors.round_stops import (
    AwardsStand,
    FailedTooEarly,
    NobodyToAgreeToStop,
    OwnStopNotAgreed,
    SomebodyFiled,
    StopStanding,
)
from ventures.models import LevelBudget, Need, Panel, Proposal, Round
from ventures.selectors.applicants import OUT
from ventures.selectors.level_budgets import free_of
from ventures.selectors.workload import closed_with_nobody, stops_to_decide
from ventures.services.need_fates import put_in_call
from ventures.services.proposals import submit_proposal
from ventures.services.round_copying import copy_round
from ventures.services.round_stop_news import tell_lost_stops, tell_stopped
from ventures.services.round_stops import agree_to_stop, ask_stop, refuse_stop, take_back_stop
from ventures.services.rounds import begin_review
from ventures.services.screening import accept_proposal
from ventures.services.transfers import carry_over

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
S = Proposal.State


def test_a_call_nobody_answers_ends_by_two_people_and_is_called_again(cast: Cast, client: Client):
    round = make_round(created_by=cast.fan, state=Round.State.DRAFT, eligibility="谁都可以")
    round.sources.all().delete()
    make_source(round, kind="lottery", amount_fen=20_000_000)
    make_source(round, kind="company", name="演示企业", amount_fen=40_000_000)
    budget = LevelBudget.objects.create(
        programme=round.programme, region=round.region, year=round.year,
        amount_fen=70_000_000, document_number="海民〔2026〕1 号", set_by=cast.fan,
    )  # fmt: skip
    round = publish(round)
    wen = round.published_by
    need = make_listed_need(cast.anan, by=cast.fan)
    need = put_in_call(need, round, answer="列入本轮", acting_user=cast.fan)
    draft = make_proposal(round, cast.organisations["enze"], created_by=cast.enxiao)
    assert free_of(budget) == 10_000_000
    nobody = {"cause": "nobody", "reason": "截止时没有收到申报", "next_words": "放宽条件后再征集"}

    with pytest.raises(FailedTooEarly):
        ask_stop(round, **nobody, acting_user=cast.fan)
    round = close(round)
    with pytest.raises(ReasonMissing):
        ask_stop(round, cause="nobody", reason=" ", acting_user=cast.fan)
    with pytest.raises(NotAllowed):
        ask_stop(round, **nobody, acting_user=cast.ou)
    now = timezone.now()
    assert closed_with_nobody(Round.objects.all(), now) == [round]
    stop = ask_stop(round, **nobody, acting_user=cast.fan)
    assert closed_with_nobody(Round.objects.all(), now) == []
    with pytest.raises(StopStanding):
        ask_stop(round, **nobody, acting_user=wen)
    with pytest.raises(OwnStopNotAgreed):
        agree_to_stop(stop, acting_user=cast.fan)
    with pytest.raises(NotAllowed):
        agree_to_stop(stop, acting_user=cast.xu)
    with pytest.raises(ReasonMissing):
        refuse_stop(stop, reason="", acting_user=wen)
    assert stops_to_decide(wen) == [stop]
    refuse_stop(stop, reason="再等等", acting_user=wen)
    take_back_stop(ask_stop(round, **nobody, acting_user=cast.fan), acting_user=cast.fan)
    stop = ask_stop(round, **nobody, acting_user=cast.fan)
    assert fund_position(round.fund_key).free_fen == 60_000_000
    round = agree_to_stop(stop, acting_user=wen)

    assert (round.state, list(round.stops.values_list("state", flat=True))) == (
        Round.State.STOPPED,
        ["refused", "taken_back", "agreed"],
    )
    position = fund_position(round.fund_key)
    assert (position.total_fen, position.free_fen, position.committed_fen) == (0, 0, 0)
    assert free_of(budget) == 70_000_000
    need.refresh_from_db()
    assert (need.state, need.round, need.answer) == (Need.State.LISTED, None, "")
    assert "已终止" in Message.objects.filter(to_user=cast.anan, kind="need").latest("pk").body
    stop.refresh_from_db()
    told = tell_stopped(stop)
    assert told == tell_stopped(stop) == Message.objects.filter(kind="round_stopped").count()
    assert tell_lost_stops(timezone.now() + timedelta(hours=1)) == 0
    assert "放宽条件" in Message.objects.get(to_user=cast.en, kind="round_stopped").body
    page = client.get(round.get_absolute_url()).content.decode()
    assert "本轮流标：没有人申报" in page
    assert "截止时没有收到申报" in page
    assert "我们的申报" not in page
    told_machines = json.loads(client.get(f"/rounds/{round.code}.json").content)
    assert (told_machines["state"], told_machines["stopped"]["cause"]) == ("stopped", "nobody")
    assert client.get(f"/rounds/{round.code}.pdf").status_code == 200

    draft.refresh_from_db()
    with pytest.raises(NoTransfer):
        carry_over(draft, acting_user=cast.en)
    again = copy_round(round, acting_user=cast.fan)
    client.force_login(cast.fan)
    assert (
        "上一轮列入的 1 条需求在等答复"
        in client.get(f"/rounds/{again.code}/desk/").content.decode()
    )
    form = client.get(f"/rounds/{again.code}/needs/").context["form"]
    assert form.initial["needs"] == [need.pk]
    assert again.name.endswith("（重新征集）")
    assert again.year == round.year
    assert timedelta(0) < again.opens_at - timezone.now() <= timedelta(days=12)
    now = timezone.now()
    Round.objects.filter(pk=again.pk).update(opens_at=now - timedelta(days=1))
    again = publish(Round.objects.get(pk=again.pk))
    moved = carry_over(draft, acting_user=cast.en)
    assert (moved.round, moved.state, moved.title) == (again, S.DRAFT, draft.title)
    assert again.name in client.get(round.get_absolute_url()).content.decode()


def test_what_was_filed_ends_with_its_round(cast: Cast, round: Round):
    """Filed, screened or under review: it counts no more, and its reviewers are free."""
    wen = make_colleague(cast.fan)
    filed = make_proposal(round, cast.organisations["enze"], created_by=cast.enxiao)
    submit_proposal(filed, acting_user=cast.en)
    accept_proposal(filed, acting_user=cast.fan)
    round = begin_review(close(round), acting_user=cast.fan)
    panel = make_panel(round, [cast.ding], officer=cast.fan)
    with pytest.raises(SomebodyFiled):
        ask_stop(round, cause="nobody", reason="没有人", acting_user=cast.fan)
    stop = ask_stop(round, cause="too_few", reason="只有一份", acting_user=cast.fan)
    Round.objects.filter(pk=round.pk).update(state=Round.State.DECIDED)
    with pytest.raises(AwardsStand):
        agree_to_stop(stop, acting_user=wen)
    with pytest.raises(AwardsStand):
        ask_stop(round, cause="other", reason="台风", acting_user=cast.fan)
    Round.objects.filter(pk=round.pk).update(state=Round.State.IN_REVIEW)

    agree_to_stop(stop, acting_user=wen)

    filed.refresh_from_db()
    panel.refresh_from_db()
    assert (filed.state, panel.state) == (S.STOPPED, Panel.State.CLOSED)
    assert S.STOPPED in OUT
    stop.refresh_from_db()
    tell_stopped(stop)
    assert Message.objects.filter(to_user=cast.ding, kind="round_stopped").exists()


def test_who_was_asked_and_comes_too_late_reads_what_became_of_it(
    cast: Cast, town_round: Round, client: Client
):
    wish = {"cause": "other", "reason": "台风", "acting_user": cast.xu}
    url = f"{town_round.get_absolute_url()}stop/"
    refuse_stop(ask_stop(town_round, **wish), reason="风停了", acting_user=cast.fan)

    pages = {}
    for verb in ("refused", "taken_back"):
        if verb == "taken_back":
            take_back_stop(ask_stop(town_round, **wish), acting_user=cast.xu)
        for person in (cast.fan, cast.shu, cast.xu, cast.en):
            client.force_login(person)
            answer = client.get(url)
            pages[verb, person] = (answer.status_code, answer.content.decode())

    for person in (cast.fan, cast.shu, cast.xu):
        assert [pages[verb, person][0] for verb in ("refused", "taken_back")] == [200, 200]
        assert "没有同意终止" in pages["refused", person][1]
        assert "提请已经收回" in pages["taken_back", person][1]
    assert "风停了" in pages["refused", cast.fan][1]
    assert "提请终止</button>" in pages["taken_back", cast.xu][1]  # she may ask again
    assert pages["refused", cast.en][0] == 403


def test_nobody_ends_a_round_alone(cast: Cast, town_round: Round):
    """Where no second officer is free, here or above, the round goes on."""
    for officer in (cast.fan,):
        officer.roles.filter(kind="officer").update(ended_at=timezone.now())

    with pytest.raises(NobodyToAgreeToStop):
        ask_stop(town_round, cause="other", reason="台风", acting_user=cast.xu)
