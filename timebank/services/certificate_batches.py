"""Certificates for a class or a team: asked for in one go, made by a task into one PDF."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from celery import current_app
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.errors import NotAllowed, Refusal
from accounts.models import Organisation, Station, User
from accounts.rules import is_coordinator_of, is_manager_of
from accounts.services.changes import record_change
from accounts.services.messages import tell
from timebank.errors.recognition import TooManyInBatch
from timebank.models.certificates import Certificate, CertificateBatch
from timebank.selectors.certificates import Scope
from timebank.services.banks import bank_at
from timebank.services.certificate_papers import certificate_pdf
from timebank.services.certificates import issue_certificate

MOST = 300
LOST_AFTER = timedelta(minutes=10)


@transaction.atomic
def ask_for_batch(
    people: Sequence[User],
    *,
    organisation: Organisation | None = None,
    station: Station | None = None,
    scope: Scope,
    acting_user: User,
) -> CertificateBatch:
    """Leave word for certificates of these people; a task makes them after the commit.

    For an organisation its manager asks, for a station its coordinator. Each volunteer is told.
    Refused: `NotAllowed`, `TooManyInBatch`, `NoBankHere`.
    """
    if organisation is not None:
        may, region = is_manager_of(acting_user, organisation), organisation.region
    else:
        assert station is not None, "certificate_batch_for_one_body"
        may, region = is_coordinator_of(acting_user, station), station.region
    if not may:
        raise NotAllowed()
    if len(people) > MOST:
        raise TooManyInBatch(count=len(people), most=MOST)
    bank_at(region)
    batch = CertificateBatch.objects.create(
        organisation=organisation,
        station=station,
        since=scope.since,
        until=scope.until,
        people=[person.pk for person in people],
        total=len(people),
        language=acting_user.language,
        asked_by=acting_user,
    )
    record_change(batch, "ask", acting_user=acting_user, facts={"people": len(people)})
    transaction.on_commit(
        lambda: current_app.tasks["timebank.tasks.make_certificates_later"].delay(batch.pk),
        robust=True,
    )
    return batch


def make_batch(number: int) -> CertificateBatch:
    """Issue what was asked for, one after the other, then print them all; made twice changes
    nothing: who has one of this batch is passed over."""
    batch = CertificateBatch.objects.select_related(
        "organisation__region", "station__region", "asked_by"
    ).get(pk=number)
    if batch.state == CertificateBatch.State.READY:
        return batch
    CertificateBatch.objects.filter(pk=number).update(
        state=CertificateBatch.State.RUNNING, left_out=[]
    )
    body = batch.organisation or batch.station
    assert body is not None, "certificate_batch_for_one_body"
    bank = bank_at(body.region)
    scope = Scope(since=batch.since, until=batch.until)
    left_out: list[dict[str, str]] = []
    has_one = set(batch.certificates.values_list("volunteer_id", flat=True))
    people = User.objects.in_bulk(batch.people)
    with override(batch.language):
        for done, pk in enumerate(batch.people, start=1):
            person = people[pk]
            if pk not in has_one:
                try:
                    issue_certificate(
                        person, bank=bank, scope=scope, batch=batch, acting_user=batch.asked_by
                    )
                except Refusal as refusal:
                    left_out.append({"name": person.display_name, "why": str(refusal)})
            CertificateBatch.objects.filter(pk=number).update(done=done, left_out=left_out)
    return _printed(batch)


def make_lost_batches(*, now: datetime) -> int:
    """Make what was asked for long ago and is not there; how many that were."""
    lost = CertificateBatch.objects.unfinished().filter(asked_at__lt=now - LOST_AFTER)
    return len([make_batch(number) for number in list(lost.values_list("pk", flat=True))])


def _printed(batch: CertificateBatch) -> CertificateBatch:
    papers = list(
        Certificate.objects.filter(batch=batch).select_related("policy__seal").order_by("pk")
    )
    content = certificate_pdf(*papers) if papers else b""
    with transaction.atomic():
        batch = CertificateBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if batch.state == CertificateBatch.State.READY:
            return batch
        if papers:
            batch.file.save("certificates.pdf", ContentFile(content), save=False)
        batch.done = len(papers)
        batch.state = CertificateBatch.State.READY
        batch.save()
        with override(batch.language):
            tell(
                batch.asked_by,
                kind="certificates_ready",
                title=_("证明已生成：%(count)d 份") % {"count": len(papers)},
                body=_("另有 %(count)d 人没有开出，页面上写明了原因。")
                % {"count": len(batch.left_out)}
                if batch.left_out
                else _("可以下载打印了。"),
                link=batch.get_absolute_url(),
                key=f"certificates:{batch.pk}:ready",
            )
    return batch
