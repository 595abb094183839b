"""A round, a proposal in it that must not be told, and who asks.

`恩泽社` applies with words that stand nowhere else. It is judged blind by 丁老师 and 沈会计师, of
whom one has handed in her sheet. Kept from it by a pinned tie are a second officer (闻副局长), the
operator, finance, auditor, administrator, and 顾书记, who sits on the panel.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.services.attachments import store_pdf
from config.demo.cast import bring_in_cast
from tests.cast import make_places
from tests.factories.ventures import make_colleague, make_proposal, make_round
from tests.factories.ventures_awards import (
    PDF,
    add_proposal,
    assignment_of,
    draft,
    hand_in,
    make_body,
    make_panel,
)
from tests.factories.ventures_defences import make_drawn, make_terms, make_vote
from tests.factories.ventures_phases import blind_copy, make_phase
from ventures.models import Bonus, Conflict, Proposal, ProposalFile, Remark, RemarkText, Round
from ventures.services.blind_copies import release_copy
from ventures.services.pledges import enter_pledge
from ventures.services.proposals import submit_proposal

ANONYMOUS = "anonymous"
# Kept from the secret by a pinned tie.
TIED = ("wen", "ou", "jin", "shu", "guo", "gu")


@dataclass
class Oracle:
    """The round, the proposal nobody may be told of, who asks; what else there is comes in time."""

    round: Round
    people: dict[str, User]
    clients: dict[str, Client]
    organisations: dict[str, Organisation]
    proposals: dict[str, Proposal] = field(default_factory=dict)
    # What an address names, as far as there is such a thing.
    ids: dict[str, Any] = field(default_factory=dict)
    # Whose such a thing is, of people who may know nothing else.
    raised_by: dict[str, str] = field(default_factory=dict)

    @property
    def secret(self) -> Proposal:
        return self.proposals["secret"]

    @property
    def other(self) -> Proposal:
        return self.proposals["other"]

    @property
    def declined(self) -> Proposal:
        return self.proposals["declined"]


def begin() -> Oracle:
    """A call that is being prepared, and everybody signed in."""
    make_places()
    cast = bring_in_cast()
    people = {key: person for key, person in cast.people.items() if key != "system"}
    people["wen"] = make_colleague(cast.fan)
    round = make_round(
        created_by=cast.fan,
        state=Round.State.DRAFT,
        operator=cast.organisations["shelifang"],
        name="查一查的一届",
        eligibility="登记或备案的社会组织",
        is_sealed=True,
    )
    make_terms(round, paper_percent=60, defence_percent=20, vote_percent=10, pledge_percent=10)
    round.bonus_kinds.create(position=1, name="主题加分", least_points=5, most_points=20)
    clients = {key: Client() for key in (ANONYMOUS, *people)}
    for key, person in people.items():
        clients[key].force_login(person, "accounts.backends.ByPassword")
    # What every request asks is written out once in a process: not while statements are compared.
    clients["fan"].get("/home/")
    return Oracle(round, people, clients, cast.organisations, ids={"round": round.code})


def file_all(o: Oracle) -> None:
    """恩泽社's, with who must keep out of it, and two of others."""
    en, fan = o.people["en"], o.people["fan"]
    secret = make_proposal(
        o.round,
        o.organisations["enze"],
        created_by=en,
        title="秘题目",
        need_from="秘需求，恩老师听来的，10087650000",
        responsible_name="恩老师",
    )
    pdf = store_pdf(SimpleUploadedFile("秘附件.pdf", PDF, "application/pdf"), acting_user=en)
    ProposalFile.objects.create(
        proposal=secret, attachment=pdf, kind=ProposalFile.Kind.OTHER, added_by=en
    )
    submit_proposal(secret, acting_user=en)
    state = Proposal.State.SUBMITTED
    o.proposals |= {
        "secret": secret,
        "other": add_proposal(o.round, make_body("明白队"), title="明白的事", state=state),
        "declined": add_proposal(o.round, make_body("落选队"), title="暗题目", state=state),
    }
    for key in TIED:
        pinned = Conflict.objects.create(
            proposal=secret,
            person=o.people[key],
            person_name=o.people[key].display_name,
            kind=Conflict.Kind.INTEREST,
            source=Conflict.Source.ORGANISER,
            words="秘关系",
            declared_by=fan,
        )
    paper = SimpleUploadedFile("秘附件.pdf", PDF, "application/pdf")
    pledge = enter_pledge(
        secret, pledger_kind="person", pledger_name="恩泽的老邻居", amount_fen=90_000,
        evidence=paper, acting_user=en,
    )  # fmt: skip
    o.ids |= {
        "proposal": secret.code,
        "conflict": pinned.pk,
        "reading": secret.pk,
        "pledge": pledge.pk,
        "programme": o.round.programme.code,
    }


def begin_judging(o: Oracle) -> None:
    """Without names. What shows who applies is set for after it: a defence drawn, a vote."""
    fan, shen, ding, gu = (o.people[key] for key in ("fan", "shen", "ding", "gu"))
    make_phase(o.round, hides_applicant=True)
    make_panel(o.round, [ding, shen, gu], officer=fan)
    for proposal in o.proposals.values():
        proposal.refresh_from_db()
        copy = blind_copy(proposal, fan, title=f"匿名的{proposal.pk}", need_from="有人听来的")
        release_copy(copy.version, has_seen=True, acting_user=fan)
    make_drawn(o.round, acting_user=fan)
    soon = timezone.now() + timedelta(hours=2)
    make_vote(o.round, set_by=fan, opens_at=soon, closes_at=soon + timedelta(hours=1))
    sheet = hand_in(shen, o.secret, 83.5, comment="秘评语：做得细")
    draft(ding, o.secret, 61)
    remark = Remark.objects.create(proposal=o.secret, author=shen, audience=Remark.Audience.OFFICE)
    RemarkText.objects.create(remark=remark, number=1, text="秘评语：私下说")
    bonus = Bonus.objects.create(
        kind=o.round.bonus_kinds.get(), proposal=o.secret, half_points=15, state="agreed",
        reason="秘评语：为高龄老人", proposed_by=fan, decided_by=o.people["wen"],
        decided_at=timezone.now(),
    )  # fmt: skip
    o.ids |= {
        "bonus": bonus.pk,
        "assignment": assignment_of(shen, o.secret).pk,
        "own": assignment_of(ding, o.secret).pk,
        "review": sheet.pk,
        "remark": remark.pk,
    }
