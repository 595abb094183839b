"""The addresses of what surrounds a proposal: partners, transfers, signals, its PDF."""

from django.urls import path

from ventures.views import (
    budget_rules,
    proposal_begin,
    proposal_office,
    proposal_partners,
    proposals,
)

urlpatterns = [
    path("rounds/<slug:code>/budget-rules/", budget_rules.budget_rules, name="budget-rules"),
    path("proposals/<slug:code>.pdf", proposals.proposal_pdf, name="proposal-pdf"),
    path(
        "rounds/<slug:code>/apply/own/",
        proposal_begin.proposal_begin_own,
        name="proposal-begin-own",
    ),
    path(
        "proposals/<slug:code>/signals/<int:pk>/dismiss/",
        proposal_office.signal_dismiss,
        name="signal-dismiss",
    ),
    path("proposals/<slug:code>/carry/", proposal_office.proposal_carry, name="proposal-carry"),
    path("proposals/<slug:code>/transfer/", proposal_office.transfer_offer, name="transfer-offer"),
    path(
        "proposals/<slug:code>/transfer/<int:pk>/take/",
        proposal_office.transfer_take,
        name="transfer-take",
    ),
    path(
        "proposals/<slug:code>/transfer/<int:pk>/refuse/",
        proposal_office.transfer_refuse,
        name="transfer-refuse",
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
