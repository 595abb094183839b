"""What a home page says of needs: what waits to be screened, answered or completed; the list."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.home import Panel, Waiting
from accounts.models import Region, Role, User
from ventures.models import Need
from ventures.selectors.needs import figures_of, waiting_on

Kind = Role.Kind
HANDLING = (Kind.COMMUNITY_WORKER, Kind.OFFICER)
NEIGHBOURS = (
    Kind.VOLUNTEER,
    Kind.RECIPIENT,
    Kind.PROXY,
    Kind.COMMUNITY_WORKER,
    Kind.OFFICER,
)


def waiting_for(user: User, role: Role | None) -> list[Waiting]:
    if role is None:
        return []
    items = []
    if role.kind in HANDLING and role.region is not None:
        waiting = waiting_on([role.region.pk], user).values_list("state", "raised_at")
        for state, label in (
            (Need.State.RAISED, _("需求等待预审")),
            (Need.State.LISTED, _("清单里的需求等待答复")),
        ):
            since = [raised_at for now, raised_at in waiting if now == state]
            items.append(
                Waiting(
                    label,
                    len(since),
                    f"{reverse('ventures:need-desk')}?state={state}",
                    icon="inbox",
                )
            )
    returned = Need.objects.filter(raised_by=user, state=Need.State.RETURNED).only("title")
    if own := list(returned[:10]):
        items.append(
            Waiting(
                _("您提的需求请补充"),
                len(own),
                own[0].get_absolute_url() if len(own) == 1 else reverse("ventures:need-own-list"),
                icon="arrow-counterclockwise",
                hint=own[0].title,
            )
        )
    return items


def panels_for(role: Role | None) -> list[Panel]:
    """The list of the person's town in two figures, with the way in."""
    if role is None or role.kind not in NEIGHBOURS or role.region is None:
        return []
    place = role.region
    if place.level > Region.Level.TOWN and place.parent is not None:
        place = place.parent
    needs = Need.objects.public().filter(region__lineage__contains=[place.pk])
    return [
        Panel(
            "ventures/home/_needs.html",
            {
                "place": place,
                # The list as a whole is that of the city.
                "narrows": place.level >= Region.Level.TOWN,
                "figures": figures_of(needs),
                "makes_visits": role.kind == Kind.COMMUNITY_WORKER,
            },
            order=60,
        )
    ]
