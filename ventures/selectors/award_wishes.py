"""提议更正金额、提议取消立项 as they are read: what waits, and all that were ever proposed."""

from django.urls import reverse

from ventures.models import Award, AwardWish, Proposal, Round


def waiting_of(award: Award) -> AwardWish | None:
    return (
        award.wishes.filter(state=AwardWish.State.PROPOSED)
        .select_related("award__proposal__round__region", "proposed_by")
        .first()
    )


def waits_about(proposal: Proposal) -> bool:
    return AwardWish.objects.filter(
        award__proposal=proposal, state=AwardWish.State.PROPOSED
    ).exists()


def has_wishes(round: Round) -> bool:
    return AwardWish.objects.filter(award__proposal__round=round).exists()


def waiting_correction(round: Round) -> AwardWish | None:
    """A sum of the round that may not stay: no new notice tells it."""
    return (
        AwardWish.objects.filter(
            award__proposal__round=round,
            kind=AwardWish.Kind.CORRECT,
            state=AwardWish.State.PROPOSED,
        )
        .select_related("award__proposal")
        .first()
    )


def wishes_of(round: Round) -> list[AwardWish]:
    """What waits first, then the latest; each with its award, its people and its paper."""
    found = AwardWish.objects.filter(award__proposal__round=round).select_related(
        "award__proposal__applicant", "award__proposal__initiator", "proposed_by", "decided_by",
        "minutes",
    )  # fmt: skip
    return sorted(found, key=lambda one: (one.state != AwardWish.State.PROPOSED, -one.pk))


def wishes_page(round: Round) -> str:
    return reverse("ventures:award-wishes", args=[round.code])
