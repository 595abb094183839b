"""The addresses of the timebank app."""

from django.urls import URLPattern

app_name = "timebank"

urlpatterns: list[URLPattern] = []
