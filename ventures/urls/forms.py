"""The addresses of a round's form, of answers by file, and of what changed between versions."""

from django.urls import URLPattern, path

from ventures.views import answers, proposal_versions, round_forms

urlpatterns: list[URLPattern] = [
    path("rounds/<slug:code>/form/", round_forms.round_form, name="round-form"),
    path("rounds/<slug:code>/form/preview/", round_forms.form_preview, name="round-form-preview"),
    path(
        "rounds/<slug:code>/form/built-in/",
        round_forms.round_form_built_in,
        name="round-form-built-in",
    ),
    path("rounds/<slug:code>/form/copy/", round_forms.form_copy, name="round-form-copy"),
    path("rounds/<slug:code>/form/add/<slug:kind>/", round_forms.question_new, name="question-new"),
    path(
        "rounds/<slug:code>/form/questions/<slug:question>/",
        round_forms.question_edit,
        name="question-edit",
    ),
    path(
        "rounds/<slug:code>/form/questions/<slug:question>/move/",
        round_forms.question_move,
        name="question-move",
    ),
    path(
        "rounds/<slug:code>/form/questions/<slug:question>/remove/",
        round_forms.question_remove,
        name="question-remove",
    ),
    path(
        "rounds/<slug:code>/form/words/<slug:question>/",
        round_forms.form_words,
        name="round-form-words",
    ),
    path(
        "proposals/<slug:code>/answers/<slug:question>/file/",
        answers.answer_file_add,
        name="answer-file-add",
    ),
    path(
        "proposals/<slug:code>/versions/<int:older>/to/<int:newer>/",
        proposal_versions.version_changes,
        name="proposal-changes",
    ),
    path(
        "reviews/<int:pk>/versions/<int:older>/to/<int:newer>/",
        proposal_versions.review_changes,
        name="review-changes",
    ),
]
