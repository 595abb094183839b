"""数据用词: the English of words that stand in rows. For administrators."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import rules
from accounts.forms.words import WordFilter, WordForm
from accounts.models import DataWord
from accounts.requests import SignedInRequest
from accounts.services.words import remove_word, set_word

ON_A_PAGE = 50


def word_list(request: SignedInRequest) -> HttpResponse:
    _require_keeper(request)
    form = WordFilter(request.GET or None)
    words = DataWord.objects.all()
    if form.is_valid() and form.cleaned_data["q"]:
        sought = form.cleaned_data["q"].strip()
        words = words.filter(Q(chinese__contains=sought) | Q(english__icontains=sought))
    page_obj = Paginator(words, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "accounts/words/list.html",
        {"form": form, "page_obj": page_obj, "total": page_obj.paginator.count},
    )


def word_new(request: SignedInRequest) -> HttpResponse:
    _require_keeper(request)
    return _form_page(request, None)


def word_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    _require_keeper(request)
    return _form_page(request, get_object_or_404(DataWord, pk=pk))


@require_POST
def word_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    _require_keeper(request)
    remove_word(get_object_or_404(DataWord, pk=pk), acting_user=request.user)
    messages.success(request, _("已删除，英文页面上显示中文。"))
    return redirect("accounts:word-list")


def _require_keeper(request: SignedInRequest) -> None:
    if not rules.keeps_basic_data(request.user):
        raise Http404


def _form_page(request: SignedInRequest, word: DataWord | None) -> HttpResponse:
    initial = {"chinese": word.chinese, "english": word.english} if word else None
    form = WordForm(request.POST or None, initial=initial)
    if form.is_valid():
        set_word(word, **form.cleaned_data, acting_user=request.user)
        messages.success(request, _("已保存，一分钟内各处生效。"))
        return redirect("accounts:word-list")
    return render(
        request,
        "accounts/words/form.html",
        {"form": form, "word": word},
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK,
    )
