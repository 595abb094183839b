"""The open book: what was awarded so far, in figures that come out of the rows."""

from dataclasses import dataclass

from django.db.models import Count, F, Sum
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ventures.models import ProjectKind
from ventures.models.decisions import Award, Decision

FEN_OF_TEN_THOUSAND_YUAN = 100 * 10_000


@dataclass(frozen=True)
class TrackShare:
    """What one group of people (or the central work) got."""

    name: str
    colour: int
    projects: int
    amount_fen: int


@dataclass(frozen=True)
class OpenBook:
    """All awards that were announced, together."""

    projects: int
    governance: int
    amount_fen: int
    tracks: list[TrackShare]

    @property
    def governance_percent(self) -> str:
        """治理型 of all projects, in percent with one decimal; a dash where there is none."""
        return f"{self.governance * 100 / self.projects:.1f}%" if self.projects else "—"

    @property
    def average_fen(self) -> int:
        """What a project got on average, in whole yuan as fen."""
        return self.amount_fen // self.projects // 100 * 100 if self.projects else 0

    @property
    def amount_words(self) -> str:
        """The amount as such figures are published: 257万余元 is more than 2,570,000 yuan."""
        ten_thousands, rest = divmod(self.amount_fen, FEN_OF_TEN_THOUSAND_YUAN)
        if (get_language() or "").startswith("zh"):
            amount = f"{ten_thousands}{_('万')}"
        else:
            amount = f"¥{ten_thousands / 100:.2f} million"
        return (_("%(amount)s余元") if rest else _("%(amount)s元")) % {"amount": amount}


def open_book() -> OpenBook:
    """Awards of real places that were announced (公告) and not taken back; what is on notice is no
    result yet. One question to the database."""
    rows = (
        Award.objects.filter(
            decision__state=Decision.State.FINAL,
            withdrawal__isnull=True,
            proposal__round__region__is_fictional=False,
        )
        .values(
            kind=F("proposal__kind"),
            track=F("proposal__track__name"),
            colour=F("proposal__track__colour"),
            position=F("proposal__track__position"),
        )
        .annotate(projects=Count("pk"), amount=Sum("amount_fen"))
        .order_by("position")
    )
    tracks: dict[str, TrackShare] = {}
    projects = governance = amount = 0
    for row in rows:
        before = tracks.get(row["track"], TrackShare(row["track"], row["colour"], 0, 0))
        tracks[row["track"]] = TrackShare(
            row["track"],
            row["colour"],
            before.projects + row["projects"],
            before.amount_fen + row["amount"],
        )
        projects += row["projects"]
        amount += row["amount"]
        if row["kind"] == ProjectKind.GOVERNANCE:
            governance += row["projects"]
    return OpenBook(projects, governance, amount, list(tracks.values()))
