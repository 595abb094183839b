"""The addresses of the ventures app: rounds, proposals, screening; reviews and awards included."""

from django.urls import URLPattern, path

from ventures.urls import (
    awards,
    defences,
    discussions,
    forms,
    needs,
    paper_sheets,
    phases,
    reviewers,
    rounds,
    selections,
    timetable,
)
from ventures.urls import proposals as around_proposals
from ventures.views import proposal_begin, proposal_editor, proposal_files, proposals, screening

app_name = "ventures"

urlpatterns: list[URLPattern] = [
    path("rounds/desk/", screening.desk_list, name="desk-list"),
    path("rounds/<slug:code>/desk/", screening.round_desk, name="round-desk"),
    path("rounds/<slug:code>/proposals.csv", screening.round_export, name="round-export"),
    path("rounds/<slug:code>/apply/", proposal_begin.proposal_begin, name="proposal-begin"),
    path("proposals/", proposals.proposal_list, name="proposal-list"),
    path("proposals/<slug:code>/", proposals.proposal_detail, name="proposal-detail"),
    path("proposals/<slug:code>/edit/", proposal_editor.proposal_edit, name="proposal-edit"),
    path("proposals/<slug:code>/save/", proposal_editor.proposal_save, name="proposal-save"),
    path(
        "proposals/<slug:code>/preview/", proposal_editor.proposal_preview, name="proposal-preview"
    ),
    path("proposals/<slug:code>/print/", proposals.proposal_print, name="proposal-print"),
    path("proposals/<slug:code>/submit/", proposals.proposal_submit, name="proposal-submit"),
    path(
        "proposals/<slug:code>/receipt/<int:number>/",
        proposals.proposal_receipt,
        name="proposal-receipt",
    ),
    path(
        "proposals/<slug:code>/versions/<int:number>/",
        proposals.proposal_version,
        name="proposal-version",
    ),
    path("proposals/<slug:code>/withdraw/", proposals.proposal_withdraw, name="proposal-withdraw"),
    path("proposals/<slug:code>/revive/", proposals.proposal_revive, name="proposal-revive"),
    path(
        "proposals/<slug:code>/files/", proposal_files.proposal_file_add, name="proposal-file-add"
    ),
    path(
        "proposals/<slug:code>/files/<int:pk>/", proposal_files.proposal_file, name="proposal-file"
    ),
    path(
        "proposals/<slug:code>/files/<int:pk>/remove/",
        proposal_files.proposal_file_remove,
        name="proposal-file-remove",
    ),
    path("proposals/<slug:code>/accept/", screening.proposal_accept, name="proposal-accept"),
    path("proposals/<slug:code>/return/", screening.proposal_return, name="proposal-return"),
    path("proposals/<slug:code>/refuse/", screening.proposal_refuse, name="proposal-refuse"),
    *rounds.urlpatterns,
    *timetable.urlpatterns,
    *selections.urlpatterns,
    *awards.urlpatterns,
    *reviewers.urlpatterns,
    *paper_sheets.urlpatterns,
    *phases.urlpatterns,
    *defences.urlpatterns,
    *discussions.urlpatterns,
    *forms.urlpatterns,
    *around_proposals.urlpatterns,
    *needs.urlpatterns,
]
