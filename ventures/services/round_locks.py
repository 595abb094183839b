"""Lock a round. Locks are taken in one order: the round before anything that belongs to it."""

from ventures.models import Round


def locked_round(round: Round) -> Round:
    """Lock the bare row first: a joined row may change while one waits."""
    Round.objects.select_for_update().only("pk").get(pk=round.pk)
    return Round.objects.select_related("region", "rubric", "programme").get(pk=round.pk)
