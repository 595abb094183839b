"""Addresses of what is said about a proposal while it is judged."""

from django.urls import URLPattern, path

from ventures.views import discussions

urlpatterns: list[URLPattern] = [
    path("reviews/<int:pk>/discussion/", discussions.of_reviewer, name="review-discussion"),
    path("reviews/<int:pk>/discussion/mute/", discussions.mute, name="review-discussion-mute"),
    path(
        "rounds/<slug:code>/ranking/<slug:number>/discussion/",
        discussions.of_office,
        name="proposal-discussion",
    ),
    path(
        "rounds/<slug:code>/ranking/<slug:number>/discussion/mute/",
        discussions.mute_office,
        name="proposal-discussion-mute",
    ),
    path("remarks/<int:pk>/edit/", discussions.remark_edit, name="remark-edit"),
    path("remarks/<int:pk>/take-back/", discussions.remark_take_back, name="remark-take-back"),
    path("proposals/<slug:code>/answer/", discussions.answer, name="proposal-answer"),
]
