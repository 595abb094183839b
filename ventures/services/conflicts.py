"""利害关系: declared by applicant or reviewer, pinned by the organiser, found by the product.

What ties somebody by belonging to an organisation is asked each time (`models.ties`) and needs no
row. A row is never erased: it is lifted, by somebody and for a reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import batched

from django.db import IntegrityError, transaction
from django.db.models import Case, Q, When
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed, ReasonMissing
from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import Organisation, User
from accounts.reasons import required
from accounts.services.changes import record_change
from timebank import doors
from ventures.errors.reviewers import ConflictPinned, ConflictToldBefore, ConflictWindowClosed
from ventures.models import Conflict, Expert, Proposal, Round
from ventures.models.ties import PEOPLE_AT_ONCE, tied_to
from ventures.rules import experts as rules
from ventures.rules import proposals as proposal_rules
from ventures.selectors.reviewers import judges_named
from ventures.selectors.units_in_common import filed_alike, led_alike

Kind, Source = Conflict.Kind, Conflict.Source


@dataclass(frozen=True)
class Told:
    """A relation as somebody tells it."""

    kind: str
    words: str = ""


@transaction.atomic
def ask_for_recusal(
    proposal: Proposal, *, name: str, unit: str, told: Told, acting_user: User
) -> Conflict:
    """The applicant asks for a person to keep out (申请回避, 民政部令第 39 号).

    The applicant writes a name; whether anybody here is called so is never answered. Where exactly
    one judge of the place is, it binds at once; else the organiser says who is meant. Refused: to
    others (`NotAllowed`), when the review has begun, without a reason.
    """
    if not rules.may_ask_for_recusal(acting_user, proposal):
        raise NotAllowed()
    _require_window(proposal)
    required(told.words)
    asked = Conflict.objects.standing().filter(proposal=proposal, source=Source.APPLICANT)
    # By the name as it was written: a refusal must not tell whether there is such a person.
    if asked.filter(person_name=name.strip(), kind=told.kind).exists():
        raise ConflictToldBefore()
    meant = judges_named(proposal.round, name.strip())
    is_clear = len(meant) == 1 and not asked.filter(person=meant[0], kind=told.kind).exists()
    return _put_down(
        Conflict(
            proposal=proposal,
            person=meant[0] if is_clear else None,
            person_name=name.strip(),
            person_unit=unit.strip(),
            source=Source.APPLICANT,
        ),
        told,
        acting_user,
    )


@transaction.atomic
def declare_conflict(proposal: Proposal, told: Told, *, acting_user: User) -> Conflict:
    """A person says of herself that she is tied; before any content is open to her."""
    return _put_down(
        Conflict(
            proposal=proposal,
            person=acting_user,
            person_name=acting_user.display_name,
            source=Source.REVIEWER,
        ),
        told,
        acting_user,
    )


@transaction.atomic
def pin_conflict(proposal: Proposal, person: User, told: Told, *, acting_user: User) -> Conflict:
    """The organiser puts down a tie; nobody but an organiser takes it away.

    Refused: to whoever does not act for this proposal (`NotAllowed`), without a reason, twice.
    """
    if not rules.may_pin(acting_user, proposal):
        raise NotAllowed()
    required(told.words)
    return _put_down(
        Conflict(
            proposal=proposal,
            person=person,
            person_name=person.display_name,
            source=Source.ORGANISER,
        ),
        told,
        acting_user,
    )


@transaction.atomic
def say_who_is_meant(conflict: Conflict, person: User, *, acting_user: User) -> Conflict:
    """The organiser finds the person an applicant named; from then on it binds."""
    conflict = Conflict.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    if not rules.may_pin(acting_user, conflict.proposal):
        raise NotAllowed()
    conflict.person = person
    _saved(conflict)
    record_change(conflict, "say_who", facts={"person": person.pk}, acting_user=acting_user)
    return conflict


@transaction.atomic
def lift_conflict(conflict: Conflict, *, reason: str, acting_user: User) -> Conflict:
    """Take it away and say why; it stays in the register. Twice is once.

    An applicant takes back what the applicant put down, until the review begins, and nothing else
    (`ConflictPinned`). An organiser never lifts what concerns the organiser herself.
    """
    reason = required(reason)
    conflict = (
        Conflict.objects.select_for_update(of=("self",))
        .select_related("proposal__round__region")
        .get(pk=conflict.pk)
    )
    if not rules.may_lift(acting_user, conflict):
        if not proposal_rules.is_applicant(acting_user, conflict.proposal):
            raise NotAllowed()
        if conflict.source != Source.APPLICANT:
            raise ConflictPinned()
        _require_window(conflict.proposal)
    if conflict.lifted_at is not None:
        return conflict
    conflict.lifted_by, conflict.lifted_at = acting_user, database_now()
    conflict.lifted_for = reason
    conflict.save(update_fields=["lifted_by", "lifted_at", "lifted_for"])
    record_change(conflict, "lift", reason=reason, acting_user=acting_user)
    return conflict


@transaction.atomic
def detect_conflicts(
    round: Round, users: Sequence[User], *, only: Proposal | None = None, acting_user: User
) -> int:
    """Look for what belonging does not show: the unit in the pool's entry, the number an applicant
    gave, one person who leads both units, a proposal written from an account of her unit, declared
    relatives. How many were new. With `only` the rest of the round is not looked at.

    A host stands behind many groups and a community houses them: neither makes a tie between
    strangers. What an organiser has lifted is not found again.
    """
    found = 0
    if not users:
        return found
    group = round.proposals.handed_in().select_related(
        "applicant", "team_organisation", "round__region"
    )
    if only is not None:
        group = group.filter(pk=only.pk)
    known = set(
        Conflict.objects.filter(
            proposal__round=round, person__in=users, source=Source.DETECTED
        ).values_list("proposal", "person", "kind")
    )
    for person, proposal, told in _found_in(list(group), users):
        if (proposal.pk, person.pk, told.kind) in known:
            continue
        known.add((proposal.pk, person.pk, told.kind))
        _put_down(
            Conflict(
                proposal=proposal,
                person=person,
                person_name=person.display_name,
                source=Source.DETECTED,
            ),
            told,
            acting_user,
        )
        found += 1
    return found


def _found_in(
    group: Sequence[Proposal], users: Sequence[User]
) -> Iterable[tuple[User, Proposal, Told]]:
    entries: dict[int, list[Expert]] = {}
    for entry in Expert.objects.filter(user__in=users):
        entries.setdefault(entry.user_id or 0, []).append(entry)
    for proposal in group:
        bodies = [
            body
            for body in (proposal.applicant, proposal.team_organisation)
            if body is not None and body.kind != Organisation.Kind.PUBLIC
        ]
        given = {proposal.responsible_phone, *(body.contact_phone for body in bodies)} - {""}
        phones = {_bare(one) for one in given}
        for person in users:
            if any(_is_of(entry, body) for entry in entries.get(person.pk, ()) for body in bodies):
                yield person, proposal, Told(Kind.SAME_UNIT)
            if person.phone and person.phone.removeprefix("+86") in phones:
                yield person, proposal, Told(Kind.INTEREST)
    with override(OFFICIAL_LANGUAGE):
        led, filed = str(_("本人单位与申报方的负责人是同一人")), str(_("申报书由本人单位的人填写"))
    for words, pairs in ((led, led_alike(group, users)), (filed, filed_alike(group, users))):
        for person, proposal in pairs:
            yield person, proposal, Told(Kind.INTEREST, words)
    for person, proposal in _near(group, users):
        yield person, proposal, Told(Kind.RELATIVE)


def _near(group: Sequence[Proposal], users: Sequence[User]) -> Iterable[tuple[User, Proposal]]:
    """Pairs where a declared relative of the person is tied: one statement for so many."""
    people = {person.pk: person for person in users}
    pairs = doors.relatives_of(list(people))
    relatives = User.objects.in_bulk({near for _pk, near in pairs})
    looked_at = Proposal.objects.filter(pk__in=[one.pk for one in group])
    tied: set[tuple[int, int]] = set()
    for some in batched(relatives.values(), PEOPLE_AT_ONCE, strict=False):
        ties = {
            f"near_{one.pk}": Case(When(tied_to(one), then=True), default=False) for one in some
        }
        for row in looked_at.annotate(**ties).values("pk", *ties):
            tied |= {(one.pk, row["pk"]) for one in some if row[f"near_{one.pk}"]}
    for pk, near in pairs:
        for proposal in group:
            if (near, proposal.pk) in tied:
                yield people[pk], proposal


def _is_of(entry: Expert, body: Organisation) -> bool:
    if entry.credit_code and body.credit_code:
        return entry.credit_code == body.credit_code
    return entry.employer.strip() == body.name


def _bare(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdigit()).removeprefix("86")


def _put_down(conflict: Conflict, told: Told, acting_user: User) -> Conflict:
    if told.kind == Kind.OTHER and not told.words.strip():
        raise ReasonMissing()
    conflict.kind, conflict.words = told.kind, told.words.strip()
    conflict.declared_by = acting_user
    _saved(conflict)
    record_change(
        conflict,
        "put_down",
        after=conflict.kind,
        facts={"source": conflict.source, "proposal": conflict.proposal_id},
        acting_user=acting_user,
    )
    return conflict


def _saved(conflict: Conflict) -> None:
    standing = Q(source=conflict.source, kind=conflict.kind, proposal=conflict.proposal_id)
    before = Conflict.objects.standing().filter(standing, person=conflict.person_id)
    if conflict.person_id and before.exclude(pk=conflict.pk).exists():
        raise ConflictToldBefore()
    try:
        with transaction.atomic():
            conflict.save()
    except IntegrityError as clash:
        if "conflict_told_once" in str(clash):
            raise ConflictToldBefore() from clash
        raise


def _require_window(proposal: Proposal) -> None:
    if not proposal.round.is_filing:
        raise ConflictWindowClosed()
