"""A volunteer's certificates as pages show them: valid, running out, run out."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.kit import day as written_day
from timebank.models import Qualification
from timebank.terms.qualifications import qualification_terms

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class Paper:
    """One certificate and how it stands."""

    qualification: Qualification
    standing: Words
    tone: str
    until: Words


def papers_of(volunteer: User, today: date) -> list[Paper]:
    """Every paper that is neither withdrawn nor replaced, those that have run out too."""
    papers = Qualification.objects.filter(volunteer=volunteer, withdrawn_at=None)
    return [_paper(one, today) for one in papers.order_by("kind", "pk")]


def _paper(one: Qualification, today: date) -> Paper:
    soon = today + timedelta(days=max(qualification_terms(today).warn_days_before))
    if one.valid_until is None:
        return Paper(one, _("有效"), "done", _("长期有效"))
    until = _("有效期至 %(day)s") % {"day": written_day(one.valid_until)}
    if one.valid_until < today:
        return Paper(one, _("已过期"), "danger", until)
    if one.valid_until <= soon:
        return Paper(one, _("快到期"), "waiting", until)
    return Paper(one, _("有效"), "done", until)
