"""The product's addresses, and those at which a trial posts and reads."""

from django.urls import URLPattern, URLResolver, path

from config.trials import views
from config.urls import handler403, handler404, handler500
from config.urls import urlpatterns as product

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns: list[URLPattern | URLResolver] = [
    path("trial/post/", views.post),
    path("trial/balances/", views.balances),
    *product,
]
