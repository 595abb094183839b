"""The versions of a score sheet that were handed in, for the office and the auditor: what changed.

What a reviewer only saved is hers alone and does not come out here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from accounts.models import Change
from accounts.templatetags.kit import yuan
from ventures.models import Review, ReviewVersion
from ventures.rules.differences import Piece, differences
from ventures.selectors.reviews import half_points_shown


@dataclass(frozen=True)
class ChangedLine:
    """One line of the sheet with what is gone and what is new."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class KeptSheet:
    """One version as it was handed in, against the one before; the first stands whole."""

    version: ReviewVersion
    lines: tuple[ChangedLine, ...]
    is_first: bool
    # Why it was given back before this version, and when.
    given_back: str = ""
    given_back_at: datetime | None = None


def kept_sheets_of(review: Review) -> list[KeptSheet]:
    """The latest first."""
    versions = list(review.versions.exclude(kind=ReviewVersion.Kind.SAVED).order_by("number"))
    returns = list(
        Change.objects.filter(
            content_type=ContentType.objects.get_for_model(Review),
            object_id=review.pk,
            verb="give_back",
        )
    )
    found = []
    before: dict[str, str] = {}
    since: datetime | None = None
    for place, version in enumerate(versions):
        now = _words_of(version)
        given_back = [
            one
            for one in returns
            if one.at < version.kept_at and (since is None or one.at >= since)
        ]
        found.append(
            KeptSheet(
                version,
                _changed(before, now),
                is_first=place == 0,
                given_back=given_back[-1].reason if given_back else "",
                given_back_at=given_back[-1].at if given_back else None,
            )
        )
        before, since = now, version.kept_at
    return found[::-1]


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[ChangedLine, ...]:
    labels = [*now, *(label for label in before if label not in now)]
    return tuple(
        ChangedLine(label, tuple(differences(before.get(label, ""), now.get(label, ""))))
        for label in labels
        if before.get(label, "") != now.get(label, "")
    )


def _words_of(version: ReviewVersion) -> dict[str, str]:
    """The sheet line by line, in reading order; empty lines left out."""
    content: Mapping[str, Any] = version.content
    lines = {
        one["criterion"]: _points_of(one) + (f"　{one['comment']}" if one["comment"] else "")
        for one in content["items"]
    }
    advice = content["recommendation"]
    fen = content["suggested_fen"]
    lines |= {
        _("评审意见"): content["comment"],
        _("建议资助"): yuan(fen) if fen is not None else "",
        _("立项建议"): str(Review.Recommendation(advice).label) if advice else "",
    }
    lines |= {
        _("核减 %(line)s") % {"line": cut["name"]}: f"{yuan(cut['fen'])}　{cut['why']}".strip()
        for cut in content["cuts"]
    }
    return {label: words for label, words in lines.items() if words}


def _points_of(item: Mapping[str, Any]) -> str:
    if item["half_points"] is None:
        return "—"
    most = half_points_shown(item["max_half_points"])
    return f"{half_points_shown(item['half_points'])} / {most}"
