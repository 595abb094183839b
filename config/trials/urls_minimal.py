"""One address that posts without asking anything."""

from django.urls import path

from config.trials import views

urlpatterns = [path("trial/post/", views.post_unasked)]
