"""Addresses of the phases of a review, of anonymous copies, and of one's own conflicts."""

from django.urls import URLPattern, path

from ventures.views import blind_copies, own_recusals, review_phases, review_reading

urlpatterns: list[URLPattern] = [
    path("reviews/rounds/<slug:code>/", review_reading.reading_list, name="review-readings"),
    path("reviews/rounds/<slug:code>/<int:pk>/", review_reading.reading, name="review-reading"),
    path("recusals/", own_recusals.recusal_list, name="own-recusals"),
    path("rounds/<slug:code>/phases/", review_phases.phase_list, name="review-phases"),
    path("rounds/<slug:code>/phases/new/", review_phases.phase_new, name="review-phase-new"),
    path("rounds/<slug:code>/phases/<int:pk>/", review_phases.phase_edit, name="review-phase-edit"),
    path(
        "rounds/<slug:code>/phases/<int:pk>/remove/",
        review_phases.phase_remove,
        name="review-phase-remove",
    ),
    path("rounds/<slug:code>/blind/", blind_copies.blind_copies, name="blind-copies"),
    path("rounds/<slug:code>/blind/<slug:number>/", blind_copies.blind_copy, name="blind-copy"),
    path(
        "rounds/<slug:code>/blind/<slug:number>/preview/",
        blind_copies.blind_preview,
        name="blind-preview",
    ),
    path(
        "rounds/<slug:code>/blind/<slug:number>/release/",
        blind_copies.blind_release,
        name="blind-release",
    ),
    path(
        "rounds/<slug:code>/blind/<slug:number>/take-back/",
        blind_copies.blind_take_back,
        name="blind-take-back",
    ),
]
