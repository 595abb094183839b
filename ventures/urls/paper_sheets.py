"""The addresses of score sheets written on paper."""

from django.urls import URLPattern, path

from ventures.views import paper_sheets

urlpatterns: list[URLPattern] = [
    path("rounds/<slug:code>/papers/", paper_sheets.papers, name="panel-papers"),
    path("rounds/<slug:code>/papers/<int:pk>/", paper_sheets.paper_sheet, name="paper-sheet"),
    path("rounds/<slug:code>/papers/<int:pk>/scan/", paper_sheets.scan, name="paper-scan"),
    path(
        "rounds/<slug:code>/panel/members/<int:pk>/blank.pdf",
        paper_sheets.blanks,
        name="paper-blanks",
    ),
]
