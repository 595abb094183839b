"""The addresses of rounds: what everybody reads, and what their officers do with them."""

from django.urls import URLPattern, path

from ventures.views import (
    calls,
    eligibility,
    level_rules,
    programmes,
    purchases,
    rounds,
    standing,
)

urlpatterns: list[URLPattern] = [
    path("rounds/", calls.round_list, name="round-list"),
    path("rounds/open.json", calls.open_calls_json, name="open-calls-json"),
    path("rounds/programmes/", programmes.programme_list, name="programme-list"),
    path("rounds/programmes/new/", programmes.programme_new, name="programme-new"),
    path("rounds/programmes/<slug:code>/", programmes.programme_detail, name="programme-detail"),
    path("rounds/programmes/<slug:code>/edit/", programmes.programme_edit, name="programme-edit"),
    path(
        "rounds/programmes/<slug:code>/conditions/",
        level_rules.programme_conditions,
        name="programme-conditions",
    ),
    path("rounds/rules/", level_rules.level_rules, name="level-rules"),
    path(
        "rounds/rules/<slug:place>/conditions/",
        level_rules.place_conditions,
        name="place-conditions",
    ),
    path("rounds/rules/<slug:place>/budget/", level_rules.place_budget, name="place-budget"),
    path("rounds/rules/<slug:place>/limits/", level_rules.place_limits, name="place-limits"),
    path("rounds/standing/", standing.standing_list, name="standing-list"),
    path("rounds/standing/<int:pk>/", standing.standing_detail, name="standing-detail"),
    path("rounds/standing/<int:pk>/facts/new/", standing.fact_new, name="fact-new"),
    path(
        "rounds/standing/<int:pk>/facts/<int:fact>/strike/",
        standing.fact_strike,
        name="fact-strike",
    ),
    path("rounds/standing/<int:pk>/bars/new/", standing.bar_new, name="bar-new"),
    path("rounds/standing/<int:pk>/bars/<int:bar>/lift/", standing.bar_lift, name="bar-lift"),
    path(
        "rounds/standing/<int:pk>/bars/<int:bar>/document/",
        standing.bar_document,
        name="bar-document",
    ),
    path("rounds/purchases/", purchases.purchase_list, name="purchase-list"),
    path("rounds/purchases/new/", purchases.purchase_new, name="purchase-new"),
    path("rounds/purchases/<int:pk>/", purchases.purchase_detail, name="purchase-detail"),
    path("rounds/purchases/<int:pk>/edit/", purchases.purchase_edit, name="purchase-edit"),
    path(
        "rounds/purchases/<int:pk>/take-down/",
        purchases.purchase_take_down,
        name="purchase-take-down",
    ),
    path("rounds/new/", rounds.round_new, name="round-new"),
    path("rounds/<slug:code>/", calls.round_detail, name="round-detail"),
    path("rounds/<slug:code>.json", calls.round_json, name="round-json"),
    path("rounds/<slug:code>.ics", calls.round_ics, name="round-ics"),
    path("rounds/<slug:code>.pdf", calls.round_pdf, name="round-pdf"),
    path("rounds/<slug:code>/check/", eligibility.round_check, name="round-check"),
    path("rounds/<slug:code>/conditions/", eligibility.round_conditions, name="round-conditions"),
    path("rounds/<slug:code>/edit/", rounds.round_edit, name="round-edit"),
    path("rounds/<slug:code>/copy/", rounds.round_copy, name="round-copy"),
    path("rounds/<slug:code>/propose/", rounds.round_propose, name="round-propose"),
    path("rounds/<slug:code>/take-back/", rounds.round_take_back, name="round-take-back"),
    path("rounds/<slug:code>/return/", rounds.round_return, name="round-return"),
    path("rounds/<slug:code>/publish/", rounds.round_publish, name="round-publish"),
    path("rounds/<slug:code>/extend/", rounds.round_extend, name="round-extend"),
    path("rounds/<slug:code>/begin-review/", rounds.round_begin_review, name="round-begin-review"),
]
