"""The addresses of certificates, stars and honour."""

from django.urls import URLPattern, path

from timebank.views import (
    catalogue,
    certificate_batches,
    certificate_checks,
    certificates,
    honours,
    stars,
)

urlpatterns: list[URLPattern] = [
    # For everyone
    path("c/", certificate_checks.certificate_check, name="certificate-check"),
    path("c/<slug:token>/", certificate_checks.certificate_public, name="certificate-public"),
    path("time/honour/", honours.honour, name="honour"),
    path("time/honour/poster.pdf", honours.honour_poster_pdf, name="honour-poster"),
    path("time/honour/poster.png", honours.honour_poster_png, name="honour-picture"),
    # Growth and stars
    path("time/growth/", stars.growth, name="growth"),
    path("time/stars/", stars.star_list, name="star-list"),
    path("time/stars/<int:pk>/", stars.star_detail, name="star-detail"),
    path("time/stars/<int:pk>/<slug:verb>/", stars.star_decide, name="star-decide"),
    # The catalogue
    path("time/banks/<int:pk>/coefficients/", catalogue.coefficients, name="coefficients"),
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
