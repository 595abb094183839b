"""加分: points above the hundred, by two people and by pledges; in order, file and page."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed, ReasonMissing
from accounts.models import Change, Message, Role
from accounts.services.roles import grant_role
from tests.factories.ventures_awards import (
    PDF,
    choices_for,
    make_body,
    make_meeting,
    make_scored_round,
    proposals_of,
)
from tests.plugins.relay import laid_again
from ventures.errors.bonuses import (
    BonusesOver,
    BonusOutOfRange,
    BonusUnchanged,
    BonusWaiting,
    NobodyAgreesToBonus,
    OwnBonusNotAgreed,
)
from ventures.errors.defences import CompositeIncomplete
from ventures.models import Bonus, CompositeTerms, Round
from ventures.reckoning.composite import above
from ventures.reckoning.composite_record import wrong_sums
from ventures.selectors.composite_words import lines_of
from ventures.selectors.dossiers import dossiers_of, recounted
from ventures.selectors.outcomes import outcome_of
from ventures.selectors.rankings import ranking_of
from ventures.services.bonuses import decide_bonus, propose_bonus
from ventures.services.composites import copy_composite
from ventures.services.decisions import prepare_decisions, record_resolution
from ventures.services.pledges import confirm_pledge, enter_pledge
from ventures.services.second_person_news import tell_those_above
from ventures.views.home_awards import waiting_to_agree

WHY = "在孤寡老人集中的楼道里办"


@pytest.fixture
@laid_again
def there(cast):
    """Three scored groups: a theme may bring 5 to 20 points, pledges up to 50; 诸阿姨 is the second
    officer."""
    bodies = [make_body(name) for name in ("甲队", "乙队", "丙队")]
    round = make_scored_round(cast.fan, [cast.lu, cast.qian], bodies)
    CompositeTerms.objects.create(
        round=round,
        paper_percent=100,
        pledge_bonus=50,
        pledge_full_fen=1_000_000,
        pledges_until=timezone.now() - timedelta(hours=1),
    )
    kind = round.bonus_kinds.create(position=1, name="主题加分", least_points=5, most_points=20)
    region = cast.fan.roles.get(kind="officer").region
    grant_role(cast.zhu, Role.Kind.OFFICER, region=region, acting_user=cast.people["system"])
    return SimpleNamespace(round=round, kind=kind, second=cast.zhu)


def ask(there, proposal, half_points, by, reason=WHY):
    return propose_bonus(proposal, there.kind, half_points, reason=reason, acting_user=by)


def scores(round):
    return {one.code: one.hundredths for one in ranking_of(round).composite.lines}


def test_bonus_is_given_by_two_people_and_decides_the_order(client, cast, there):
    round, (first, second, third) = there.round, proposals_of(there.round)
    before = scores(round)
    bonus = ask(there, third, 2 * 20, cast.fan)
    assert ranking_of(round).composite.missing == ("还有 1 项加分等另一人同意",)
    with pytest.raises(CompositeIncomplete):
        prepare_decisions(round, choices_for(round, 5_000), acting_user=cast.fan)
    with pytest.raises(OwnBonusNotAgreed):
        decide_bonus(bonus, "agree", acting_user=cast.fan)
    with pytest.raises(NotAllowed):
        decide_bonus(bonus, "agree", acting_user=cast.xu)
    with pytest.raises(BonusWaiting):
        ask(there, third, 2 * 5, there.second)
    assert [str(one.label) for one in waiting_to_agree(there.second)] == [
        "有项目提出加分，等您同意或不同意"
    ]
    with transaction.atomic():  # a round that was stopped asks nobody any more
        Round.objects.filter(pk=round.pk).update(state=Round.State.STOPPED)
        assert waiting_to_agree(there.second) == []
        transaction.set_rollback(True)
    client.force_login(there.second)
    page = client.get(reverse("ventures:bonuses", args=[round.code]))
    assert WHY in page.content.decode()
    assert page.context["asked"] == 1
    step = reverse("ventures:bonus-step", args=[round.code, bonus.pk, "agree"])
    assert client.post(step).status_code == 302

    # A pledge of a quarter of the full sum is a quarter of fifty points, above the hundred.
    CompositeTerms.objects.update(pledges_until=timezone.now() + timedelta(hours=1))
    pledge = enter_pledge(
        second, pledger_kind="organisation", pledger_name="河畔茶厂", amount_fen=250_000,
        evidence=SimpleUploadedFile("承诺书.pdf", PDF), acting_user=cast.fan,
    )  # fmt: skip
    confirm_pledge(pledge, how="电话问过厂长", acting_user=there.second)
    CompositeTerms.objects.update(pledges_until=timezone.now() - timedelta(hours=1))
    after = scores(round)
    assert after[third.code] == before[third.code] + 20_00
    assert after[second.code] == before[second.code] + 12_50
    assert after[first.code] == before[first.code]
    ranking = ranking_of(round)
    assert [one.score_hundredths for one in ranking.standings] == sorted(
        after.values(), reverse=True
    )

    # It goes into the file, which anybody can add up again.
    prepare_decisions(round, choices_for(round, 5_000), acting_user=cast.fan)
    with pytest.raises(BonusesOver):
        ask(there, first, 2 * 5, cast.fan)
    record_resolution(round, meeting=make_meeting(cast.fan), acting_user=cast.fan)
    (dossier,) = dossiers_of(round)
    assert recounted(dossier).different == []
    kept = dossier.content["composite"]
    assert kept["bonuses"][0] | {"proposed_by": "", "agreed_by": ""} == {
        "code": third.code, "key": "bonus:1", "half_points": 40, "reason": WHY,
        "proposed_by": "", "agreed_by": "",
    }  # fmt: skip
    kept["bonuses"][0]["half_points"] = 30
    assert wrong_sums(dossier.content) == [third.code]


def test_what_is_refused_changes_nothing(cast, there):
    first, second, _third = proposals_of(there.round)
    for half_points in (2 * 5 - 1, 2 * 20 + 1):
        with pytest.raises(BonusOutOfRange):
            ask(there, first, half_points, cast.fan)
    with pytest.raises(ReasonMissing):
        ask(there, first, 2 * 5, cast.fan, reason=" ")
    with pytest.raises(NotAllowed):
        ask(there, first, 2 * 5, cast.xu)
    with pytest.raises(BonusUnchanged):
        ask(there, first, 0, cast.fan)
    assert not Bonus.objects.exists()
    bonus = ask(there, first, 2 * 5, cast.fan)
    decide_bonus(bonus, "refuse", acting_user=there.second)
    taken = ask(there, second, 2 * 5, cast.fan)
    decide_bonus(taken, "take_back", acting_user=cast.fan)
    assert ranking_of(there.round).composite.is_complete
    assert not Bonus.objects.filter(state="agreed").exists()
    there.second.roles.filter(kind="officer").update(ended_at=timezone.now())
    with pytest.raises(NobodyAgreesToBonus):
        ask(there, first, 2 * 5, cast.fan)


def test_another_one_takes_its_place_and_none_takes_it_away(cast, there):
    first, *_others = proposals_of(there.round)
    before = scores(there.round)[first.code]
    for half_points, found in ((2 * 5, 5_00), (2 * 8 + 1, 8_50), (0, 0)):
        bonus = ask(there, first, half_points, cast.fan)
        decide_bonus(bonus, "agree", acting_user=there.second)
        assert scores(there.round)[first.code] == before + found
    states = list(Bonus.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["replaced", "replaced", "agreed"]
    assert Change.objects.filter(verb="replace").count() == 2

    wrong = [
        {"half_points": 2 * 20 + 1},
        {"decided_by": cast.fan, "state": "refused"},
        {"reason": ""},
    ]
    for fields in wrong:
        with pytest.raises(DatabaseError), transaction.atomic():
            Bonus.objects.filter(pk=bonus.pk).update(**fields)
    other = make_scored_round(cast.fan, [cast.lu, cast.qian], [make_body("丁队")])
    with pytest.raises(DatabaseError, match="of a kind of its round"), transaction.atomic():
        Bonus.objects.filter(pk=bonus.pk).update(proposal=proposals_of(other)[0])


def test_those_above_may_answer_what_nobody_answered(cast, there):
    first, *_others = proposals_of(there.round)
    ask(there, first, 2 * 5, cast.fan)
    above_her = there.round.region.parent
    grant_role(cast.chen, Role.Kind.OFFICER, region=above_her, acting_user=cast.people["system"])
    Bonus.objects.update(proposed_at=timezone.now() - timedelta(days=30))

    assert tell_those_above() == 1

    assert Message.objects.filter(to_user=cast.chen, kind="second_person").count() == 1
    decide_bonus(Bonus.objects.get(), "agree", acting_user=cast.chen)
    assert Change.objects.filter(verb="agree", facts__has_key="instead_of").exists()


def test_call_says_it_and_the_next_call_takes_it_over(cast, there):
    said = "".join(lines_of(there.round))
    for words in ("主题加分（5–20 分）", "最多加 50 分", "可以超过 100 分"):
        assert words in said
    copy = make_scored_round(cast.fan, [cast.lu], [make_body("戊队")])

    copy_composite(there.round, copy)

    assert lines_of(copy)[2:] == lines_of(there.round)[2:]
    assert copy.goes_above_hundred
    assert outcome_of(proposals_of(copy)[0]).score == ""
    with pytest.raises(DatabaseError, match="pledges_count_once"), transaction.atomic():
        CompositeTerms.objects.filter(round=copy).update(paper_percent=90, pledge_percent=10)


@pytest.mark.parametrize(
    ("hundredths", "most", "found"), [(100_00, 50, 50_00), (33_33, 50, 16_67), (33_33, 20, 6_67)]
)
def test_bonus_is_a_share_of_its_most(hundredths, most, found):
    assert above(hundredths, most) == found
