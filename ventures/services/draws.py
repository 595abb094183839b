"""抽取评委: lay down the pool, draw before a witness, make a draw void.

How the lot falls is `standalone.draw_reviewers`. The pool's hash and the secret's are public before
anybody knows the seed; who was excluded and why is in the pool and published after.
"""

import secrets
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from ventures.errors.reviewers import DrawUnderway, NothingToDraw, PoolTooSmall, WitnessMissing
from ventures.errors.reviews import ReviewNotBegun
from ventures.lifecycles.reviewers import REVIEWER_DRAW
from ventures.models import Expert, Proposal, ReviewerDraw, Round, Track
from ventures.models.ties import kept_from_judging
from ventures.rules import experts as rules
from ventures.selectors.reviewers import askable_for, people_of
from ventures.services.conflicts import detect_conflicts
from ventures.standalone.draw_reviewers import able_of, digest, drawn_from, hash_of_pool

ANY_FIELD = ""


@transaction.atomic
def prepare_draw(
    round: Round,
    *,
    wanted: Sequence[tuple[str, int]],
    stand_by: int,
    excluded: Mapping[int, str],
    acting_user: User,
) -> ReviewerDraw:
    """Lay down the pool and the hash of a secret; nobody is drawn yet.

    `wanted` are pairs of a track's code and how many of it ("" is any field). Who is tied to an
    applicant of the round is excluded by itself, others with a reason (by number of the entry).
    Refused: `NotAllowed`, `ReviewNotBegun`, `NothingToDraw`, `DrawUnderway`, `PoolTooSmall`.
    """
    round = Round.objects.select_for_update().get(pk=round.pk)
    if not rules.may_find_reviewers(acting_user, round):
        raise NotAllowed()
    if round.state != Round.State.IN_REVIEW:
        raise ReviewNotBegun()
    wanted = [(field, number) for field, number in wanted if number > 0]
    if not wanted:
        raise NothingToDraw()
    before = ReviewerDraw.objects.filter(round=round, state=ReviewerDraw.State.PREPARED).first()
    if before is not None:
        raise DrawUnderway(number=before.number)
    experts = list(askable_for(round))
    detect_conflicts(round, people_of(experts), acting_user=acting_user)
    pool = {
        "wanted": [list(one) for one in wanted],
        "stand_by": stand_by,
        "experts": {field: sorted(_codes_of(experts, field)) for field, _number in wanted},
        "excluded": _excluded(round, experts, excluded),
    }
    _require_enough(pool, wanted)
    secret = secrets.token_hex(32)
    draw = ReviewerDraw.objects.create(
        round=round,
        pool=pool,
        pool_hash=hash_of_pool(pool),
        secret=secret,
        secret_hash=digest(secret),
        prepared_by=acting_user,
    )
    record_change(
        draw,
        "prepare",
        after=draw.state,
        facts={"experts": len(experts), "pool_hash": draw.pool_hash},
        acting_user=acting_user,
    )
    return draw


@transaction.atomic
def draw_reviewers(
    draw: ReviewerDraw, *, witness: str, word: str, acting_user: User
) -> ReviewerDraw:
    """The witness's word and the secret make the seed. Refused: `WitnessMissing`, `OutOfTurn`."""
    witness, word = witness.strip(), word.strip()
    if not witness or not word:
        raise WitnessMissing()
    draw = _locked(draw)
    seed = f"{draw.secret}:{word}"
    REVIEWER_DRAW.move(
        draw,
        "draw",
        acting_user=acting_user,
        facts={"witness": witness},
        witness=witness,
        word=word,
        drawn=[list(one) for one in drawn_from(draw.pool, seed)],
        drawn_at=database_now(),
    )
    return draw


@transaction.atomic
def void_draw(draw: ReviewerDraw, *, reason: str, acting_user: User) -> ReviewerDraw:
    """A draw does not count any more; it stays public with the reason."""
    reason = required(reason)
    draw = _locked(draw)
    REVIEWER_DRAW.move(draw, "void", reason=reason, acting_user=acting_user, void_for=reason)
    return draw


def _locked(draw: ReviewerDraw) -> ReviewerDraw:
    return (
        ReviewerDraw.objects.select_for_update(of=("self",))
        .select_related("round__region")
        .get(pk=draw.pk)
    )


def _codes_of(experts: Sequence[Expert], field: str) -> list[str]:
    return [
        expert.code
        for expert in experts
        if field == ANY_FIELD or field in {track.code for track in expert.tracks.all()}
    ]


def _excluded(
    round: Round, experts: Sequence[Expert], excluded: Mapping[int, str]
) -> dict[str, str]:
    """Code and why; no name and no proposal stands in it."""
    group = round.proposals.filter(state=Proposal.State.UNDER_REVIEW)
    out = {}
    for expert in experts:
        assert expert.user is not None, "only who can sign in is askable"
        if group.filter(kept_from_judging(expert.user)).exists():
            with override(OFFICIAL_LANGUAGE):  # sealed with its hash, and published
                out[expert.code] = _("与本轮申报方有利害关系")
        elif excluded.get(expert.pk, "").strip():
            out[expert.code] = excluded[expert.pk].strip()
    return out


def _require_enough(pool: Mapping[str, object], wanted: Sequence[tuple[str, int]]) -> None:
    """Enough in each field even where earlier fields take those of this one too."""
    taken: list[tuple[set[str], int]] = []
    names = dict(Track.objects.values_list("code", "name"))
    for field, number in wanted:
        able = set(able_of(dict(pool), field))
        gone = sum(min(before, len(able & codes)) for codes, before in taken)
        if len(able) - gone < number:
            raise PoolTooSmall(
                field=names.get(field, _("不分领域")), wanted=number, there=max(0, len(able) - gone)
            )
        taken.append((able, number))
