"""The addresses of a round's timetable, its exceptions, and the questions about its call."""

from django.urls import URLPattern, path

from ventures.views import extensions, questions, timetable

urlpatterns: list[URLPattern] = [
    path("rounds/<slug:code>/timetable/", timetable.round_timetable, name="round-timetable"),
    path("rounds/<slug:code>/extensions/", extensions.extension_list, name="extension-list"),
    path("rounds/<slug:code>/extensions/new/", extensions.extension_new, name="extension-new"),
    path(
        "rounds/<slug:code>/extensions/<int:pk>/take-back/",
        extensions.extension_take_back,
        name="extension-take-back",
    ),
    path("rounds/<slug:code>/peek/", extensions.round_peek, name="round-peek"),
    path("rounds/<slug:code>/questions/", questions.question_list, name="call-questions"),
    path("rounds/<slug:code>/questions/ask/", questions.question_ask, name="call-ask"),
    path(
        "rounds/<slug:code>/questions/<int:pk>/answer/",
        questions.question_answer,
        name="call-answer",
    ),
]
