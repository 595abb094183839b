"""Record what is known of organisations, put it right, bar one from applying, and lift a bar."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Organisation, Region, User
from accounts.reasons import required
from accounts.services.attachments import store_pdf
from accounts.services.changes import record_change
from accounts.services.messages import Words, tell
from accounts.templatetags.kit import day
from ventures.errors.standing import AlreadyLifted, AlreadyStruck
from ventures.models import Bar, StandingFact
from ventures.rules import rounds as rules


@transaction.atomic
def record_fact(
    organisation: Organisation, values: dict[str, Any], *, acting_user: User
) -> StandingFact:
    """One thing known of an organisation, from a named source."""
    if not rules.keeps_standing_of(acting_user, organisation):
        raise NotAllowed()
    fact = StandingFact.objects.create(organisation=organisation, recorded_by=acting_user, **values)
    record_change(fact, "record", after=fact.kind, acting_user=acting_user)
    return fact


@transaction.atomic
def strike_fact(fact: StandingFact, *, reason: str, acting_user: User) -> StandingFact:
    """It was wrong: it no longer counts, and stays readable with the reason (`AlreadyStruck`)."""
    StandingFact.objects.select_for_update().only("pk").get(pk=fact.pk)
    fact = StandingFact.objects.select_related("organisation__region").get(pk=fact.pk)
    if not rules.keeps_standing_of(acting_user, fact.organisation):
        raise NotAllowed()
    reason = required(reason)
    if fact.struck_at is not None:
        raise AlreadyStruck()
    fact.struck_at, fact.struck_by, fact.struck_for = database_now(), acting_user, reason
    fact.save(update_fields=["struck_at", "struck_by", "struck_for"])
    record_change(fact, "strike", before=fact.kind, reason=reason, acting_user=acting_user)
    return fact


@transaction.atomic
def make_bar(
    organisation: Organisation,
    *,
    region: Region,
    from_on: date,
    until_on: date | None,
    reason: str,
    document_number: str,
    document: "UploadedFile[Any] | None" = None,
    acting_user: User,
) -> Bar:
    """Keep an organisation from applying at any level, until a day or until it is lifted.

    Its people are told why and by which paper.
    """
    if not rules.keeps_standing_of(acting_user, organisation):
        raise NotAllowed()
    bar = Bar.objects.create(
        organisation=organisation,
        region=region,
        from_on=from_on,
        until_on=until_on,
        reason=reason,
        document_number=document_number,
        document=store_pdf(document, acting_user=acting_user) if document else None,
        made_by=acting_user,
    )
    record_change(bar, "make", after="in_force", reason=reason, acting_user=acting_user)
    _tell(
        bar,
        lambda: _("暂时不能申报公益创投"),
        lambda: (
            _("%(name)s 从 %(from)s 起%(until)s不能申报。原因：%(reason)s（%(number)s）。")
            % {
                "name": organisation.name,
                "from": day(from_on),
                "until": _("到 %(day)s") % {"day": day(until_on)}
                if until_on
                else _("到另行解除为止"),
                "reason": reason,
                "number": document_number,
            }
        ),
        "made",
    )
    return bar


@transaction.atomic
def lift_bar(bar: Bar, *, reason: str, acting_user: User) -> Bar:
    """End a bar before its day, by decision. Refused when it was lifted already."""
    Bar.objects.select_for_update().only("pk").get(pk=bar.pk)
    bar = Bar.objects.select_related("organisation__region").get(pk=bar.pk)
    if not rules.keeps_standing_of(acting_user, bar.organisation):
        raise NotAllowed()
    reason = required(reason)
    if bar.lifted_at is not None:
        raise AlreadyLifted()
    bar.lifted_at, bar.lifted_by, bar.lifted_for = database_now(), acting_user, reason
    bar.save(update_fields=["lifted_at", "lifted_by", "lifted_for"])
    record_change(bar, "lift", before="in_force", reason=reason, acting_user=acting_user)
    _tell(
        bar,
        lambda: _("可以重新申报公益创投"),
        lambda: (
            _("%(name)s 的限制申报已解除：%(reason)s")
            % {"name": bar.organisation.name, "reason": reason}
        ),
        "lifted",
    )
    return bar


def _tell(bar: Bar, title: Words, body: Words, what: str) -> None:
    people = User.objects.filter(
        is_active=True,
        roles__organisation=bar.organisation_id,
        roles__kind__in=["member", "manager"],
        roles__ended_at__isnull=True,
    ).distinct()
    for user in people:
        tell(
            user,
            kind="application_bar",
            title=title,
            body=body,
            key=f"application-bar:{bar.pk}:{what}:{user.pk}",
        )
