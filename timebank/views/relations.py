"""亲属申报: who is too near to confirm one's hours; only the two see it."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from timebank.forms.checks import RelationForm
from timebank.models import Relation
from timebank.services.relations import end_relation


@require_http_methods(["GET", "POST"])
def relation_list(request: SignedInRequest) -> HttpResponse:
    form = RelationForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.declare(request.user):
        messages.success(request, _("已申报。以后您两位互相回避，不确认对方的服务记录。"))
        return redirect("timebank:relation-list")
    relations = Relation.objects.visible_to(request.user).standing()
    context = {
        "form": form,
        "mine": [one for one in relations.select_related("relative") if _is_mine(request, one)],
        "of_others": [
            one for one in relations.select_related("declared_by") if not _is_mine(request, one)
        ],
    }
    failed = request.method == "POST"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "timebank/relations/list.html", context, status=status)


def _is_mine(request: SignedInRequest, relation: Relation) -> bool:
    return relation.declared_by_id == request.user.pk


@require_POST
def relation_end(request: SignedInRequest, pk: int) -> HttpResponse:
    relation = get_object_or_404(Relation.objects.visible_to(request.user), pk=pk)
    end_relation(relation, acting_user=request.user)
    messages.success(request, _("已撤销申报。"))
    return redirect("timebank:relation-list")
