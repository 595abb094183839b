"""The addresses of history brought from other systems."""

from django.urls import URLPattern, path

from timebank.views import history

urlpatterns: list[URLPattern] = [
    path("time/history/", history.history_list, name="history-list"),
    path("time/history/new/", history.history_new, name="history-new"),
    path("time/history/samples/<slug:origin>.csv", history.history_sample, name="history-sample"),
    path("time/history/<int:pk>/", history.history_detail, name="history-detail"),
    path("time/history/<int:pk>/report.csv", history.history_report, name="history-report"),
    path("time/history/<int:pk>/columns/", history.history_columns, name="history-columns"),
    path("time/history/<int:pk>/<slug:verb>/", history.history_decide, name="history-decide"),
]
