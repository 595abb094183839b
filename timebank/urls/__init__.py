"""The addresses of the timebank app, all under /time/."""

from django.urls import URLPattern, path

from timebank.urls import (
    activities,
    books,
    checks,
    dossier,
    exchange,
    history,
    orders,
    presence,
    recognition,
)
from timebank.views import desk, record_entries, records

app_name = "timebank"

records_urls: list[URLPattern] = [
    path("time/records/", records.record_list, name="record-list"),
    path("time/records/new/", records.record_new, name="record-new"),
    path("time/records/entry/", record_entries.record_entry, name="record-entry"),
    path("time/records/<int:pk>/ask/", record_entries.record_ask, name="record-ask"),
    path("time/records/<int:pk>/word/", record_entries.record_word, name="record-word"),
    path("time/records/<int:pk>/", records.record_detail, name="record-detail"),
    path("time/records/<int:pk>/edit/", records.record_edit, name="record-edit"),
    path("time/records/<int:pk>/confirm/", records.record_confirm, name="record-confirm"),
    path("time/records/<int:pk>/return/", records.record_return, name="record-return"),
    path("time/records/<int:pk>/withdraw/", records.record_withdraw, name="record-withdraw"),
    path("time/records/<int:pk>/photos/<uuid:token>/", records.record_photo, name="record-photo"),
]

desk_urls: list[URLPattern] = [
    path("time/desk/", desk.desk, name="desk"),
    path("time/desk/confirm/", desk.desk_confirm, name="desk-confirm"),
    path("time/station/records/", desk.station_record_list, name="station-record-list"),
    path("time/station/records.csv", desk.station_record_export, name="station-record-export"),
]

urlpatterns: list[URLPattern] = [
    *books.urlpatterns,
    *records_urls,
    *desk_urls,
    *checks.urlpatterns,
    *orders.urlpatterns,
    *presence.urlpatterns,  # before the verbs of activities, which would swallow its words
    *activities.urlpatterns,
    *dossier.urlpatterns,
    *history.urlpatterns,
    *exchange.urlpatterns,
    *recognition.urlpatterns,
]
