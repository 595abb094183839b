"""The addresses of volunteers' records: the five blocks, training and awards."""

from django.urls import URLPattern, path

from timebank.views import dossier

urlpatterns: list[URLPattern] = [
    path("time/dossier/", dossier.dossier, name="dossier"),
    path("time/dossier/desk/", dossier.dossier_desk, name="dossier-desk"),
    path("time/dossier/desk/<slug:kind>/", dossier.entry_for_many, name="dossier-entry-for-many"),
    path("time/dossier/new/<slug:kind>/", dossier.entry_new, name="dossier-entry-new"),
    path("time/dossier/people/<int:pk>/", dossier.person_dossier, name="dossier-person"),
    path("time/dossier/entries/<int:pk>/", dossier.entry_detail, name="dossier-entry"),
    path(
        "time/dossier/entries/<int:pk>/paper/",
        dossier.entry_evidence,
        name="dossier-entry-evidence",
    ),
    path(
        "time/dossier/entries/<int:pk>/<slug:verb>/",
        dossier.entry_decide,
        name="dossier-entry-decide",
    ),
]
