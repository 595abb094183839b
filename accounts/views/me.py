"""我的: a person's own page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def me(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/me.html")
