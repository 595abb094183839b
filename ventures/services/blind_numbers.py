"""Draw anonymous numbers (匿名编号) for the proposals of a round that is judged blind."""

import secrets

from ventures.models import BlindNumber, Proposal, ReviewPhase, Round

_draw = secrets.SystemRandom()


def number_proposals(round: Round) -> None:
    """Give each proposal under review that has none a number, in an order drawn by lot.

    Only where a phase hides who applies; the caller holds the round's row. Numbers that stand never
    change.
    """
    if not ReviewPhase.objects.filter(round=round, hides_applicant=True).exists():
        return
    unnumbered = list(
        Proposal.objects.filter(
            round=round, state=Proposal.State.UNDER_REVIEW, blind_number__isnull=True
        )
    )
    taken = set(BlindNumber.objects.filter(round=round).values_list("number", flat=True))
    whole = len(taken) + len(unnumbered)
    free = [number for number in range(1, whole + 1) if number not in taken]
    _draw.shuffle(free)
    BlindNumber.objects.bulk_create(
        BlindNumber(proposal=proposal, round=round, number=number)
        for proposal, number in zip(unnumbered, free, strict=True)
    )
