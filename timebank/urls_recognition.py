"""The addresses of certificates, stars and honour."""

from django.urls import URLPattern, path

from timebank.views import certificate_batches, certificate_checks, certificates

urlpatterns: list[URLPattern] = [
    # For everyone
    path("c/", certificate_checks.certificate_check, name="certificate-check"),
    path("c/<slug:token>/", certificate_checks.certificate_public, name="certificate-public"),
    # Certificates
    path("time/certificates/", certificates.certificate_list, name="certificate-list"),
    path("time/certificates/<int:pk>/", certificates.certificate_detail, name="certificate-detail"),
    path(
        "time/certificates/<int:pk>/paper.pdf",
        certificates.certificate_pdf_file,
        name="certificate-pdf",
    ),
    path(
        "time/certificates/<int:pk>/revoke/",
        certificates.certificate_revoke,
        name="certificate-revoke",
    ),
    path("time/certificates/people/", certificates.person_list, name="certificate-person-list"),
    path(
        "time/certificates/people/<int:pk>/",
        certificates.person_detail,
        name="certificate-person-detail",
    ),
    path("time/certificates/batches/", certificate_batches.batch_list, name="certificate-batches"),
    path(
        "time/certificates/batches/<int:pk>/",
        certificate_batches.batch_detail,
        name="certificate-batch-detail",
    ),
    path(
        "time/certificates/batches/<int:pk>/certificates.pdf",
        certificate_batches.batch_file,
        name="certificate-batch-file",
    ),
    path(
        "time/banks/<int:pk>/certificates/",
        certificates.certificate_policy,
        name="certificate-policy",
    ),
]
