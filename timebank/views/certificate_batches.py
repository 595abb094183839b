"""批量开具: certificates for a class or a team, how far they have come, the file."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from timebank.forms.certificates import BatchForm
from timebank.models.certificates import CertificateBatch

SHOWN = 20


def batch_list(request: SignedInRequest) -> HttpResponse:
    """Ask for a batch; those one asked for before."""
    is_sent = request.method == "POST"
    form = BatchForm(request.POST if is_sent else None, user=request.user)
    if not form.bodies:
        raise NotAllowed()
    if is_sent and form.is_valid():
        return redirect(form.hand_in())
    batches = CertificateBatch.objects.visible_to(request.user).select_related(
        "organisation", "station"
    )
    context = {"form": form, "batches": batches[:SHOWN]}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_sent else HTTPStatus.OK
    return render(request, "timebank/certificates/batches.html", context, status=status)


@require_GET
def batch_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far it has come; the part that changes is asked for again every two seconds."""
    batch = get_object_or_404(CertificateBatch.objects.visible_to(request.user), pk=pk)
    part = "#standing" if request.headers.get("HX-Request") else ""
    return render(request, f"timebank/certificates/batch.html{part}", {"batch": batch})


@require_GET
def batch_file(request: SignedInRequest, pk: int) -> HttpResponse:
    ready = CertificateBatch.objects.visible_to(request.user).exclude(file="")
    batch = get_object_or_404(ready, pk=pk, state=CertificateBatch.State.READY)
    return HttpResponse(
        batch.file.read(),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="certificates-{batch.pk}.pdf"'},
    )
