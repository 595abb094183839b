"""Lead from a line of the ledger to the thing in another app that caused it.

The ledger keeps causes as opaque names (`ventures.proposal:7`). Each app knows its own things; here
they are looked up as seen by the person, so that what is hidden answers like what is absent.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.requests import SignedInRequest, row_number
from ventures.models import Proposal, Round

type Lookup = Callable[[User], QuerySet[Any]]

CAUSES: dict[str, Lookup] = {
    "ventures.proposal": lambda user: Proposal.objects.visible_to(user),
    "ventures.round": lambda user: Round.objects.visible_to(user),
}


@require_GET
def cause(request: SignedInRequest) -> HttpResponse:
    kind, _colon, number = request.GET.get("source", "").partition(":")
    lookup, pk = CAUSES.get(kind), row_number(number.partition(":")[0])
    if lookup is None or pk is None:
        raise Http404
    return redirect(get_object_or_404(lookup(request.user), pk=pk))
