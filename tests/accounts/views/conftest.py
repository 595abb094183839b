"""Clients for the pages of the people, and mail that ends on the outbox."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User


@pytest.fixture(autouse=True)
def mail_to_the_outbox(settings: Any) -> None:
    """Django puts its own mail backend into tests; here the product's own is meant."""
    settings.MAILERS = {"default": {"BACKEND": "accounts.outbox.OutboxEmailBackend"}}


@pytest.fixture
def client_of(db: None) -> Callable[[User], Client]:
    """A client signed in as somebody."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
