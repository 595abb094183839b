"""The addresses of the accounts app."""

from django.urls import URLPattern, path

from accounts.views import me, messages

app_name = "accounts"

urlpatterns: list[URLPattern] = [
    path("me/", me.me, name="me"),
    path("me/messages/", messages.message_list, name="message-list"),
    path("me/messages/<int:pk>/", messages.message_detail, name="message-detail"),
]
