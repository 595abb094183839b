"""The public models of the accounts app."""

from accounts.models.attachments import Attachment
from accounts.models.changes import Change
from accounts.models.invitations import Invitation
from accounts.models.messages import Delivery, Message, OutboxItem
from accounts.models.organisations import Membership, Organisation, Station
from accounts.models.people import Consent, IdentityCheck, Person, User
from accounts.models.regions import CalendarYear, Holiday, Region
from accounts.models.roles import Role
from accounts.models.words import DataWord

__all__ = [
    "Attachment",
    "CalendarYear",
    "Change",
    "Consent",
    "DataWord",
    "Delivery",
    "Holiday",
    "IdentityCheck",
    "Invitation",
    "Membership",
    "Message",
    "Organisation",
    "OutboxItem",
    "Person",
    "Region",
    "Role",
    "Station",
    "User",
]
