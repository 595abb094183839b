"""Ask reviewers to read the concepts of a round in two steps, and take their voices."""

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import User
from accounts.reasons import required
from accounts.rules import has_role_over
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.templatetags.kit import moment
from ventures.errors.reviews import NotAReviewer
from ventures.errors.selections import SelectedByOffice
from ventures.models import ConceptReader, ConceptVoice, Proposal, Round
from ventures.rules import rounds as round_rules
from ventures.rules import selections as rules
from ventures.rules.timetable import last_deadline
from ventures.services.proposals import locked_proposal
from ventures.services.round_locks import locked_round
from ventures.services.selections import locked_before_telling, require_concepts_in


@transaction.atomic
def name_readers(
    round: Round, reviewers: Sequence[User], *, acting_user: User
) -> list[ConceptReader]:
    """Say who reads the concepts; each newly named is told, whoever is left out reads no more.

    What was said stays on record and counts no longer. Refused: where the office selects
    (`SelectedByOffice`), after the selection was told, and for people who review nothing here
    (`NotAReviewer`).
    """
    round = locked_before_telling(round, acting_user)
    if round.selected_by != Round.Selects.REVIEWERS:
        raise SelectedByOffice()
    strangers = [
        one.display_name
        for one in reviewers
        if not has_role_over(one, round.region, round_rules.Kind.REVIEWER)
    ]
    if strangers:
        raise NotAReviewer(names=strangers)
    now = database_now()
    round.concept_readers.exclude(reviewer__in=reviewers).filter(left_at__isnull=True).update(
        left_at=now
    )
    for reviewer in reviewers:
        reader, is_new = ConceptReader.objects.get_or_create(
            round=round, reviewer=reviewer, defaults={"named_by": acting_user}
        )
        if reader.left_at is not None:
            reader.left_at, is_new = None, True
            reader.save(update_fields=["left_at"])
        if is_new:
            _tell_reader(reader)
    record_change(
        round,
        "name_readers",
        facts={"readers": [one.pk for one in reviewers]},
        acting_user=acting_user,
    )
    return list(round.concept_readers.filter(left_at__isnull=True))


def _tell_reader(reader: ConceptReader) -> None:
    round = reader.round
    with override(OFFICIAL_LANGUAGE):
        tell(
            reader.reviewer,
            kind="concepts_to_read",
            title=lambda: (_("请您评议项目概要：%(name)s") % {"name": round.name})[:120],
            body=lambda: (
                _("%(closes)s 概要收齐后开始，每份写同意或不同意入围和理由。需要回避的不会给您看。")
                % {"closes": moment(last_deadline(round))}
            ),
            link=reverse("ventures:concept-list", args=[round.code]),
            key=f"round:{round.pk}:concept-reader:{reader.pk}:{database_now().isoformat()}",
        )


@transaction.atomic
def give_voice(proposal: Proposal, *, is_for: bool, reason: str, acting_user: User) -> ConceptVoice:
    """A reader's word on one concept, hers to change until it is told.

    Refused: to others and to who has a tie (`NotAllowed`), before all are in, after the telling,
    without a reason.
    """
    round = locked_round(proposal.round)
    proposal = locked_proposal(proposal.pk)
    if not rules.is_concept_reader(acting_user, round):
        raise NotAllowed()
    require_concepts_in(round, database_now())
    if not rules.may_speak_of(acting_user, proposal, database_now()):
        raise NotAllowed()
    reason = required(reason)
    reader = round.concept_readers.get(reviewer=acting_user)
    voice, _is_new = ConceptVoice.objects.update_or_create(
        reader=reader,
        proposal=proposal,
        defaults={"is_for": is_for, "reason": reason, "given_at": database_now()},
    )
    record_change(
        voice,
        "concept_voice",
        after="for" if is_for else "against",
        reason=reason,
        acting_user=acting_user,
    )
    return voice
