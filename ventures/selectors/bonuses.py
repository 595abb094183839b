"""加分 as it is read: what the call offers, what was given, what waits for a second person."""

from decimal import Decimal

from django.utils.translation import gettext as _

from ventures.models import Bonus, BonusKind, Round

State = Bonus.State


def kinds_of(round: Round) -> list[BonusKind]:
    return list(round.bonus_kinds.order_by("position"))


def bonuses_of(round: Round) -> list[Bonus]:
    """All that were ever proposed, what waits first; each with its proposal and its people."""
    found = Bonus.objects.filter(proposal__round=round).select_related(
        "kind", "proposal__applicant", "proposed_by", "decided_by"
    )
    return sorted(found, key=lambda one: (one.state != State.PROPOSED, one.pk))


def standing_in(round: Round) -> tuple[list[Bonus], int]:
    """Those agreed, in the order of the call, and how many wait."""
    rows = (
        Bonus.objects.filter(proposal__round=round, state__in=(State.PROPOSED, State.AGREED))
        .select_related("kind", "proposal")
        .order_by("kind__position", "pk")
    )
    agreed = [one for one in rows if one.state == State.AGREED and one.half_points]
    return agreed, sum(one.state == State.PROPOSED for one in rows)


def points_shown(half_points: int) -> str:
    return f"{(Decimal(half_points) / 2).normalize():f}"


def kind_in_words(kind: BonusKind) -> str:
    """主题加分（5–20 分）."""
    if kind.least_points == kind.most_points:
        return _("%(name)s（%(most)d 分）") % {"name": kind.name, "most": kind.most_points}
    return _("%(name)s（%(least)d–%(most)d 分）") % {
        "name": kind.name,
        "least": kind.least_points,
        "most": kind.most_points,
    }
