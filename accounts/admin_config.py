"""Puts our own site in place of the stock admin's."""

from django.contrib.admin.apps import AdminConfig


class ReadingRoomConfig(AdminConfig):
    default_site = "accounts.admin_site.ReadingRoom"
