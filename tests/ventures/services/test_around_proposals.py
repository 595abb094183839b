"""What stands around a proposal: its plan in tables, partners, initiators, another round, likeness,
and the signed page that may follow."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import override

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import IdentityCheck, Message, Person, Region
from config.demo.cast import Cast
from tests.factories.ventures import make_proposal, make_round
from ventures.errors.proposals import (
    AlreadyFiled,
    DraftLocked,
    MayNotInitiate,
    NoPartner,
    NoTransfer,
    ProposalIncomplete,
)
from ventures.forms.plan_rows import PlanTable
from ventures.models import (
    BudgetRules,
    Partner,
    Proposal,
    ProposalFile,
    ProposalSignal,
    Round,
    Transfer,
)
from ventures.models.plans import PARTS
from ventures.selectors.eligibility import hints_for
from ventures.selectors.proposal_form import missing_of
from ventures.selectors.readings import paper_of_draft
from ventures.selectors.signals import signals_of
from ventures.services.budgets import DraftBudget, PlannedLine
from ventures.services.drafts import DraftText, begin_own_proposal, begin_proposal, save_draft
from ventures.services.partners import agree_to_join, ask_partner, refuse_to_join, remove_partner
from ventures.services.proposals import revive_proposal, submit_proposal, withdraw_proposal
from ventures.services.signals import dismiss_signal, find_signals
from ventures.services.signature_reminders import remind_unsigned
from ventures.services.transfers import offer_transfer, refuse_transfer, take_transfer

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def round(cast: Cast) -> Round:
    return make_round(created_by=cast.fan)


@pytest.fixture
def draft(cast: Cast, round: Round) -> Proposal:
    return make_proposal(round, cast.organisations["enze"], created_by=cast.en)


def place() -> Region:
    return Region.objects.get(code="330481001007")


def sent(part: str, *rows: dict[str, str]) -> PlanTable:
    data = QueryDict(mutable=True)
    data[f"{part}-rows"] = str(len(rows))
    for n, row in enumerate(rows):
        for name, text in row.items():
            data[f"{part}-{n}-{name}"] = text
    return PlanTable.sent(PARTS[part], data)


# The plan -------------------------------------------------------------------------------


def test_tables_are_saved_frozen_and_read(cast: Cast, draft: Proposal):
    tables = [
        sent("activities", {"output": "group", "title": "茶会", "count": "２", "sessions": "8"}),
        sent(
            "milestones",
            {"what": "建档", "due_on": "2027-04-01", "proof": "名单", "share_percent": "40"},
            {"what": "做完", "due_on": "2027-09-01", "proof": "报告", "share_percent": "50"},
        ),
        sent("members", {"name": "甲", "duty": "带小组", "certificate": "worker"}),
    ]
    parts = {table.part.name: table.draft() for table in tables}

    saved = save_draft(draft, DraftText(parts=parts), revision=0, acting_user=cast.en)

    assert [row.count for row in saved.activities.all()] == [2]
    assert not saved.members.exists()
    assert saved.typed["members"][0]["name"] == "甲"
    assert tables[2].problems() == {
        "0": {"certificate_number": ["请写上证书编号，或把证书选为“无”。"]}
    }
    assert missing_of(saved) == [
        "阶段目标的百分比合计应为 100%，现在是 90%",
        "阶段目标“做完”的日期不在项目起止日期之内",
        "团队与证书的填写需要更正",
    ]
    again = save_draft(saved, DraftText(parts=parts), revision=0, acting_user=cast.en)
    assert again.revision == 1
    cleared = {"milestones": sent("milestones").draft(), "members": sent("members").draft()}
    save_draft(saved, DraftText(parts=cleared), revision=1, acting_user=cast.en)
    version = submit_proposal(draft, acting_user=cast.en)
    assert version.snapshot["activities"] == [
        {
            "output": "group",
            "title": "茶会",
            "count": 2,
            "sessions": 8,
            "people": None,
            "person_times": None,
        }
    ]
    table = paper_of_draft(Proposal.objects.get(pk=draft.pk)).tables[0]
    assert [cell["words"] for cell in table.rows[0]] == ["小组（个）", "茶会", "2", "8"]


def test_rules_of_the_round_are_said_beside_the_line(cast: Cast, round: Round, draft: Proposal):
    BudgetRules.objects.create(round=round, not_funded_words=["礼品"], management_percent=10)

    def line(purpose: str, fen: int, cost_class: str = "activity", asked: int = 1) -> PlannedLine:
        return PlannedLine(cost_class, purpose, fen, 100, "项", fen * asked, fen * (1 - asked))

    budget = DraftBudget(
        [line("礼品", 100_00), line("茶水", 900_00), line("管理", 200_00, "management")]
    )
    saved = save_draft(draft, DraftText(budget=budget), revision=0, acting_user=cast.en)

    assert missing_of(saved) == [
        "预算第 1 行：本轮不资助“礼品”。请改成配套，或去掉这一行。",
        "预算第 3 行：管理费用共申请 ¥200.00，最多 ¥120.00（申请资助的 10%）。",
    ]
    own = DraftBudget([line("礼品", 100_00, asked=0), line("茶水", 900_00)])
    saved = save_draft(saved, DraftText(budget=own), revision=1, acting_user=cast.en)
    assert missing_of(saved) == []


# Who stands beside it -------------------------------------------------------------------


def test_partner_counts_once_its_own_member_agrees(cast: Cast, round: Round, draft: Proposal):
    group = cast.organisations["banrixian"]
    partner = ask_partner(draft, group, region=place(), part="带茶会", acting_user=cast.en)

    with pytest.raises(ProposalIncomplete):
        submit_proposal(draft, acting_user=cast.en)
    with pytest.raises(NotAllowed):
        agree_to_join(partner, acting_user=cast.en)
    with pytest.raises(NoPartner):
        ask_partner(draft, group, region=place(), part="再来", acting_user=cast.en)
    agree_to_join(partner, acting_user=cast.pan)
    version = submit_proposal(draft, acting_user=cast.en)

    assert version.snapshot["partners"][0]["name"] == group.name
    assert Message.objects.filter(to_user=cast.pan, kind="partner_asked").count() == 1
    assert draft in Proposal.objects.visible_to(cast.pan)
    assert make_proposal(
        make_round(created_by=cast.fan), cast.organisations["enze"], created_by=cast.en
    ) not in Proposal.objects.visible_to(cast.pan)
    with pytest.raises(DraftLocked):
        refuse_to_join(partner, acting_user=cast.pan)


def test_whose_people_are_named_is_told_and_may_say_it_is_not_so(cast: Cast, draft: Proposal):
    """Nothing waits for the answer: the office reads it; only a registered third party is asked."""
    other = cast.organisations["banrixian"]
    Proposal.objects.filter(pk=draft.pk).update(team_name=other.name, team_organisation=other)
    version = submit_proposal(draft, acting_user=cast.en)
    asked = draft.partners.get()
    assert (asked.is_team, asked.organisation, version.snapshot["partners"]) == (True, other, [])
    assert Message.objects.filter(to_user=cast.pan, kind="team_named").count() == 1
    with pytest.raises(NotAllowed):
        agree_to_join(asked, acting_user=cast.ou)

    agree_to_join(asked, acting_user=cast.pan)
    refuse_to_join(asked, acting_user=cast.pan)

    said = next(one for one in hints_for(Proposal.objects.get(pk=draft.pk)) if "团队" in one.words)
    assert (said.is_fine, said.needs_person) == (False, True)
    assert "没有派出" in Message.objects.filter(to_user=cast.en).latest("pk").title
    withdraw_proposal(draft, reason="改", acting_user=cast.en)
    revive_proposal(draft, acting_user=cast.en)
    Proposal.objects.filter(pk=draft.pk).update(
        team_name="本社", team_organisation=cast.organisations["enze"]
    )
    submit_proposal(Proposal.objects.get(pk=draft.pk), acting_user=cast.en)
    assert draft.partners.count() == 1


def test_partner_that_leaves_no_longer_sees_it(cast: Cast, draft: Proposal):
    group = cast.organisations["banrixian"]
    asked = ask_partner(draft, group, region=place(), part="带茶会", acting_user=cast.en)

    remove_partner(asked, acting_user=cast.en)

    assert Partner.objects.get().state == Partner.State.LEFT
    assert draft not in Proposal.objects.visible_to(cast.pan)


def test_person_of_verified_name_starts_in_the_city(cast: Cast, round: Round):
    host = cast.organisations["enze"]
    person, _new = Person.objects.get_or_create(user=cast.anan, defaults={"real_name": "安安"})
    person.identity_checks.all().delete()
    with pytest.raises(MayNotInitiate):
        begin_own_proposal(round, host, acting_user=cast.anan)
    IdentityCheck.objects.create(person=person, method="document", checked_by=cast.fan)
    town = make_round(created_by=cast.fan, level=Round.Level.TOWN)
    with pytest.raises(MayNotInitiate):
        begin_own_proposal(town, host, acting_user=cast.anan)

    proposal = begin_own_proposal(round, host, acting_user=cast.anan)

    assert (proposal.applicant, proposal.applicant_name) == (None, cast.anan.display_name)
    assert begin_own_proposal(round, host, acting_user=cast.anan) == proposal
    assert "等恩泽社区服务社同意联合申报，或先移除它" in missing_of(proposal)
    agree_to_join(proposal.partners.get(), acting_user=cast.en)
    assert proposal in Proposal.objects.visible_to(cast.anan)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(initiator=None)


def test_what_an_initiator_took_back_is_not_revived_beside_another(cast: Cast, round: Round):
    host = cast.organisations["enze"]
    person, _new = Person.objects.get_or_create(user=cast.anan, defaults={"real_name": "安安"})
    IdentityCheck.objects.create(person=person, method="document", checked_by=cast.fan)
    with override("en"):
        first = begin_own_proposal(round, host, acting_user=cast.anan)
    assert first.partners.get().part == "代管项目资金，代收代付"  # it stands in the agreement
    withdraw_proposal(first, acting_user=cast.anan)
    second = begin_own_proposal(round, host, acting_user=cast.anan)

    with pytest.raises(AlreadyFiled) as refused:
        revive_proposal(first, acting_user=cast.anan)

    assert refused.value.facts["code"] == second.code


def test_second_click_opens_the_untouched_draft(cast: Cast, round: Round):
    enze = cast.organisations["enze"]

    first = begin_proposal(round, enze, acting_user=cast.en)

    assert begin_proposal(round, enze, acting_user=cast.en) == first
    assert Proposal.objects.count() == 1


# Another round --------------------------------------------------------------------------


def test_proposal_goes_to_another_round_with_its_story(cast: Cast, round: Round, draft: Proposal):
    submit_proposal(draft, acting_user=cast.en)
    other = make_round(created_by=cast.fan)
    closed = make_round(created_by=cast.fan, closes_at=timezone.now() - timedelta(minutes=1))
    for wrong in (round, closed):
        with pytest.raises(NoTransfer):
            offer_transfer(draft, wrong, reason="更合适", acting_user=cast.fan)
    with pytest.raises(ReasonMissing):
        offer_transfer(draft, other, reason=" ", acting_user=cast.fan)
    offer = offer_transfer(draft, other, reason="更合适", acting_user=cast.fan)
    with pytest.raises(NotAllowed):
        take_transfer(offer, acting_user=cast.fan)

    moved = take_transfer(offer, acting_user=cast.en)

    assert (moved.round, moved.state, moved.code) == (other, Proposal.State.DRAFT, draft.code)
    assert submit_proposal(moved, acting_user=cast.en).number == 2
    with pytest.raises(OutOfTurn):
        take_transfer(offer, acting_user=cast.en)
    again = offer_transfer(moved, round, reason="退回原轮", acting_user=cast.fan)
    refuse_transfer(again, acting_user=cast.en)
    assert Transfer.objects.get(pk=again.pk).state == Transfer.State.REFUSED
    assert Proposal.objects.get().round == other


# What is alike --------------------------------------------------------------------------


def test_what_is_alike_is_shown_and_decides_nothing(cast: Cast, round: Round):
    own_words = {
        "plan": "每周二上午在文化礼堂教手语，请聋协老师示范，学员两两练习，月底汇报演出。" * 3
    }
    made = {
        key: make_proposal(round, cast.organisations[key], created_by=person, **fields)
        for key, person, fields in (
            ("enze", cast.en, {"responsible_name": "恩", "responsible_phone": "100 1111 2222"}),
            ("banrixian", cast.pan, {"responsible_name": "潘", "responsible_phone": "10011112222"}),
            (
                "shelifang",
                cast.ou,
                {"responsible_name": "欧", "responsible_phone": "10033334444", "need_from": "无"}
                | own_words
                | {"schedule": "", "safety": ""},
            ),
        )
    }
    for key, person in (("enze", cast.en), ("banrixian", cast.pan)):
        submit_proposal(made[key], acting_user=person)
    Proposal.objects.filter(pk=made["shelifang"].pk).update(
        state="submitted", submitted_at=timezone.now()
    )

    assert find_signals(round) == 2
    assert find_signals(round) == 0

    found = {signal.kind: signal for signal in ProposalSignal.objects.all()}
    assert set(found) == {"phone", "text"}
    other = Proposal.objects.filter(pk=made["enze"].pk)
    other.update(state="returned", complete_by=timezone.now(), title="改了一半的标题")
    titles = {one.other.pk: one.title for one in signals_of(made["banrixian"], cast.fan)}
    assert titles[made["enze"].pk] == made["enze"].title
    other.update(state="draft", submitted_at=None)
    assert made["enze"].pk not in {one.other.pk for one in signals_of(made["banrixian"], cast.fan)}
    other.update(state="submitted", submitted_at=timezone.now(), title=made["enze"].title)
    assert found["text"].percent == 100
    assert {signal.second for signal in found.values()} == {made["banrixian"]}
    with pytest.raises(NotAllowed):
        dismiss_signal(found["text"], reason="无妨", acting_user=cast.en)
    with pytest.raises(ReasonMissing):
        dismiss_signal(found["text"], reason=" ", acting_user=cast.fan)
    dismiss_signal(found["text"], reason="同一位社工指导", acting_user=cast.fan)
    assert find_signals(round) == 0
    assert Proposal.objects.get(pk=made["enze"].pk).state == Proposal.State.SUBMITTED


# The signed page ------------------------------------------------------------------------


def test_who_has_not_signed_is_reminded_once_before_the_day(cast: Cast, draft: Proposal):
    submit_proposal(draft, acting_user=cast.en)
    today: date = timezone.localdate()
    Round.objects.update(signature_due_on=today + timedelta(days=10))
    assert remind_unsigned() == 0
    Round.objects.update(signature_due_on=today + timedelta(days=2))

    remind_unsigned()
    remind_unsigned()

    assert Message.objects.filter(to_user=cast.en, kind="signature_due").count() == 1
    Round.objects.update(signature_due_on=today - timedelta(days=1))
    assert remind_unsigned() == 0
    assert not ProposalFile.objects.exists()
