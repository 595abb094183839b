"""The public front page: what this is, today's figures, what one can do near home, what was
decided. Everything here may be seen by anyone."""

from collections.abc import Callable

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import database_now
from accounts.forms.fields import PlaceField
from accounts.models import Region
from accounts.requests import remembered_place
from timebank.models import Shift
from timebank.selectors.activities import cards_of, shifts_to_come
from timebank.selectors.figures import public_figures
from timebank.selectors.nearby import nearby
from ventures.models import Need, PublicNotice, Round
from ventures.selectors.needs import figures_of
from ventures.selectors.open_book import open_book

FIGURES_KEPT_SECONDS = 60
A_YEAR = 365 * 24 * 3600


class PlaceForm(forms.Form):
    """Whose surroundings to show; remembered in a cookie."""

    place = PlaceField(label=gettext_lazy("我住在"), to_field_name="code", required=False)


@login_not_required
def front(request: HttpRequest) -> HttpResponse:
    form = PlaceForm(request.GET if "place" in request.GET else None)
    place = _chosen_place(request, form)
    if place is not None and not form.is_bound:
        form.initial["place"] = place.code
    figures = _kept("front:figures", public_figures)
    book = _kept("front:book", open_book)
    answer = render(
        request,
        "front.html",
        {
            "figures": figures,
            "hours_total": figures.minutes // 60,
            "weeks": [
                (_("%(month)d月%(day)d日") % {"month": monday.month, "day": monday.day}, minutes)
                for monday, minutes in figures.whole_weeks
            ],
            "book": book,
            "track_bars": [(one.name, one.projects, one.colour) for one in book.tracks],
            "needs": _kept("front:needs", lambda: figures_of(Need.objects.public())),
            "rounds": Round.objects.open_at(database_now())
            .select_related("region")
            .order_by("closes_at")[:4],
            "notices": PublicNotice.objects.select_related("round__region")[:4],
            "place_form": form,
            "nearby": nearby(place) if place else None,
            "shifts": cards_of(list(_taking_place(place)[:4]), request.user, near=place),
        },
    )
    if place is not None and form.is_bound:
        answer.set_cookie("place", place.code, max_age=A_YEAR, samesite="Lax")
    return answer


def _taking_place(place: Region | None) -> QuerySet[Shift]:
    """What one can still go to; what was called off stands in the whole list."""
    return shifts_to_come(near=place).exclude(state=Shift.State.CANCELLED)


def _kept[T](key: str, asked: Callable[[], T]) -> T:
    """An answer kept for a minute, so that a crowd asks the database once."""
    answer: T | None = cache.get(key)
    if answer is None:
        answer = asked()
        cache.set(key, answer, FIGURES_KEPT_SECONDS)
    return answer


def _chosen_place(request: HttpRequest, form: PlaceForm) -> Region | None:
    """Just chosen, else remembered, else where the person lives."""
    if form.is_bound:
        return form.cleaned_data["place"] if form.is_valid() else None
    return remembered_place(request)
