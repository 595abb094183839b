"""The addresses of what surrounds a proposal: partners, transfers, signals, its PDF."""

from django.urls import path

from ventures.views import proposal_begin, proposal_partners, proposals

urlpatterns = [
    path("proposals/<slug:code>.pdf", proposals.proposal_pdf, name="proposal-pdf"),
    path(
        "rounds/<slug:code>/apply/own/",
        proposal_begin.proposal_begin_own,
        name="proposal-begin-own",
    ),
    path("proposals/<slug:code>/partners/", proposal_partners.partner_ask, name="partner-ask"),
    path(
        "proposals/<slug:code>/partners/<int:pk>/remove/",
        proposal_partners.partner_remove,
        name="partner-remove",
    ),
    path(
        "proposals/<slug:code>/partners/<int:pk>/agree/",
        proposal_partners.partner_agree,
        name="partner-agree",
    ),
    path(
        "proposals/<slug:code>/partners/<int:pk>/refuse/",
        proposal_partners.partner_refuse,
        name="partner-refuse",
    ),
]
