"""The addresses of the exchange of records with other systems."""

from django.urls import URLPattern, path

from timebank.views import exchange

urlpatterns: list[URLPattern] = [
    path("time/exchange/", exchange.exchange_list, name="exchange-list"),
    path("time/exchange/<int:pk>/", exchange.exchange_detail, name="exchange-detail"),
    path("time/exchange/<int:pk>/records.json", exchange.exchange_json, name="exchange-json"),
    path("time/exchange/<int:pk>/records.csv", exchange.exchange_csv, name="exchange-csv"),
]
