"""The addresses of the ventures app."""

from django.urls import URLPattern

app_name = "ventures"

urlpatterns: list[URLPattern] = []
