"""The addresses of rounds: what everybody reads, and what their officers do with them."""

from django.urls import URLPattern, path

from ventures.views import calls, programmes, rounds

urlpatterns: list[URLPattern] = [
    path("rounds/", calls.round_list, name="round-list"),
    path("rounds/open.json", calls.open_calls_json, name="open-calls-json"),
    path("rounds/programmes/", programmes.programme_list, name="programme-list"),
    path("rounds/programmes/new/", programmes.programme_new, name="programme-new"),
    path("rounds/programmes/<slug:code>/", programmes.programme_detail, name="programme-detail"),
    path("rounds/programmes/<slug:code>/edit/", programmes.programme_edit, name="programme-edit"),
    path("rounds/new/", rounds.round_new, name="round-new"),
    path("rounds/<slug:code>/", calls.round_detail, name="round-detail"),
    path("rounds/<slug:code>.json", calls.round_json, name="round-json"),
    path("rounds/<slug:code>.ics", calls.round_ics, name="round-ics"),
    path("rounds/<slug:code>.pdf", calls.round_pdf, name="round-pdf"),
    path("rounds/<slug:code>/edit/", rounds.round_edit, name="round-edit"),
    path("rounds/<slug:code>/copy/", rounds.round_copy, name="round-copy"),
    path("rounds/<slug:code>/propose/", rounds.round_propose, name="round-propose"),
    path("rounds/<slug:code>/take-back/", rounds.round_take_back, name="round-take-back"),
    path("rounds/<slug:code>/return/", rounds.round_return, name="round-return"),
    path("rounds/<slug:code>/publish/", rounds.round_publish, name="round-publish"),
    path("rounds/<slug:code>/extend/", rounds.round_extend, name="round-extend"),
    path("rounds/<slug:code>/begin-review/", rounds.round_begin_review, name="round-begin-review"),
]
