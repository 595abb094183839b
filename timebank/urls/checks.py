"""The addresses of what looks into records: relatives, flags, queries, inspections, bars."""

from django.urls import URLPattern, path

from timebank.views import (
    bars,
    inspections,
    record_looks,
    record_queries,
    relations,
    second_eyes,
)

urlpatterns: list[URLPattern] = [
    # For everyone
    path("time/checks/", inspections.public_list, name="inspection-public-list"),
    path("time/checks/<slug:number>/", inspections.public_detail, name="inspection-public"),
    path("time/checks/<slug:number>.json", inspections.public_file, name="inspection-file"),
    path("time/provenance/", record_looks.provenance, name="provenance"),
    # For volunteers
    path("time/relatives/", relations.relation_list, name="relation-list"),
    path("time/relatives/<int:pk>/end/", relations.relation_end, name="relation-end"),
    path("time/records/<int:pk>/query/", record_looks.query_new, name="query-new"),
    # A record is looked at
    path("time/records/<int:pk>/look/", record_looks.record_look, name="record-look"),
    path("time/records/<int:pk>/bar/", record_looks.bar_new, name="bar-new"),
    path("time/flagged/", second_eyes.flagged, name="flagged"),
    path("time/overdue/", second_eyes.overdue, name="overdue"),
    path("time/second/", second_eyes.second_eyes, name="second-eyes"),
    path("time/second/confirm/", second_eyes.second_eyes_confirm, name="second-eyes-confirm"),
    # Queries
    path("time/queries/", record_queries.query_list, name="query-list"),
    path("time/queries/<int:pk>/", record_queries.query_detail, name="query-detail"),
    path("time/queries/<int:pk>/<slug:verb>/", record_queries.query_step, name="query-step"),
    # Bars
    path("time/bars/", bars.bar_list, name="bar-list"),
    path("time/bars/<int:pk>/", bars.bar_detail, name="bar-detail"),
    path("time/bars/<int:pk>/<slug:verb>/", bars.bar_step, name="bar-step"),
    # Inspections
    path("time/inspections/", inspections.inspection_list, name="inspection-list"),
    path("time/inspections/new/", inspections.inspection_new, name="inspection-new"),
    path("time/inspections/<int:pk>/", inspections.inspection_detail, name="inspection-detail"),
    path("time/inspections/<int:pk>/draw/", inspections.inspection_draw, name="inspection-draw"),
    path(
        "time/inspections/<int:pk>/publish/",
        inspections.inspection_publish,
        name="inspection-publish",
    ),
    path("time/inspections/items/<int:pk>/", inspections.item_detail, name="inspection-item"),
    path(
        "time/inspections/items/<int:pk>/<slug:verb>/",
        inspections.item_step,
        name="inspection-item-step",
    ),
]
