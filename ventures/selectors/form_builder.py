"""A round's form as its officers draw it up: what can be asked, what it comes to, where to copy
from."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.kit import count, yuan
from ventures.models import ApplicantKind, FormVersion, Proposal, Question, Round
from ventures.models.plans import PARTS
from ventures.rules.form_contents import (
    ALWAYS_ASKED,
    OFF,
    OPTIONAL,
    REQUIRED,
    FormContent,
    Terms,
    required_in_short,
)
from ventures.rules.round_forms import FACTS, MOST_REQUIRED_IN_SHORT, YES, Asked
from ventures.selectors.proposal_form import (
    REQUIRED_SHORT,
    REQUIRED_STANDARD,
    SECTIONS,
    field_label,
)
from ventures.selectors.rounds import tiers_within_cap

type Words = str | Promise

Kind = Question.Kind
Test = Question.Test


@dataclass(frozen=True)
class BuiltIn:
    """A question every round may ask, and how this one asks it."""

    name: str
    label: Words
    section: Words
    terms: Terms
    usual: Terms
    is_fixed: bool
    most: int

    @property
    def is_asked(self) -> bool:
        return (self.terms.short, self.terms.standard) != (OFF, OFF)


def built_in_of(content: FormContent) -> list[BuiltIn]:
    """All of them in the order of the form, those that cannot be left out too."""
    return [
        BuiltIn(
            name,
            field_label(name),
            label,
            content.built_in.get(name) or usual_terms(name),
            usual_terms(name),
            is_fixed=name in ALWAYS_ASKED,
            most=longest(name),
        )
        for _key, label, names in SECTIONS
        for name in names
    ]


def usual_terms(name: str) -> Terms:
    """How it is asked where the round says nothing."""
    return Terms(
        REQUIRED if name in REQUIRED_SHORT or name == "budget" else OPTIONAL,
        REQUIRED if name in REQUIRED_STANDARD or name == "budget" else OPTIONAL,
    )


def longest(name: str) -> int:
    """How many characters its column holds; 0 where it is no text."""
    if name in PARTS or name == "budget":
        return 0
    field = Proposal._meta.get_field(name)
    return int(getattr(field, "max_length", None) or 0)


def required_count(content: FormContent) -> int:
    """How many things the one-page form asks for that must be answered."""
    return required_in_short(content, REQUIRED_SHORT)


def most_required() -> int:
    return MOST_REQUIRED_IN_SHORT


def has_short_form(round: Round) -> bool:
    return any(tier.is_short for tier in round.tiers.all())


def rounds_to_copy_from(user: User, round: Round) -> QuerySet[Round]:
    """Rounds whose form this person may read and that have one, latest first."""
    return (
        Round.objects.visible_to(user)
        .exclude(pk=round.pk)
        .annotate(
            has_version=Exists(FormVersion.objects.filter(round=OuterRef("pk"))),
            has_questions=Exists(Question.objects.filter(form__round=OuterRef("pk"))),
        )
        .filter(Q(has_version=True) | Q(has_questions=True))
        .order_by("-closes_at", "-id")
    )


def condition_in_words(asked: Asked, content: FormContent) -> str:
    """When a question is asked, in one sentence; empty when it always is."""
    if asked.depends_on in FACTS:
        return _fact_in_words(asked.depends_on, asked.test_value)
    parent = content.question(asked.depends_on)
    if parent is None:
        return ""
    return _("仅当“%(label)s”%(what)s时填写") % {
        "label": parent.label,
        "what": _awaited(asked, parent),
    }


def facts_to_look_at(round: Round) -> list[tuple[str, str]]:
    """Conditions on what is no answer, as the builder offers them: tiers, groups, who applies."""
    values = [
        *(("tier", tier.name) for tier in tiers_within_cap(round)),
        *(("track", track.name) for track in round.tracks.all()),
        *(("who", kind.value) for kind in ApplicantKind),
    ]
    return [
        (f"{fact}:{Test.EQUALS}:{value}", _fact_in_words(fact, value)) for fact, value in values
    ]


def _fact_in_words(fact: str, value: str) -> str:
    match fact:
        case "tier":
            return _("仅当档次是“%(value)s”时填写") % {"value": value}
        case "track":
            return _("仅当服务人群是“%(value)s”时填写") % {"value": value}
    return _("仅当申报主体是“%(value)s”时填写") % {"value": ApplicantKind(value).label}


def _awaited(asked: Asked, parent: Asked) -> str:
    match asked.test:
        case Test.ANSWERED:
            return _("已经填写")
        case Test.EQUALS if parent.kind == Kind.YES_NO:
            return _("选“%(choice)s”") % {"choice": _("是") if asked.test_value == YES else _("否")}
        case Test.EQUALS | Test.CONTAINS:
            return _("选了“%(choice)s”") % {"choice": asked.test_value}
    number = int(asked.test_value)
    words = yuan(number) if parent.kind == Kind.MONEY else count(number)
    if asked.test == Test.AT_LEAST:
        return _("不少于 %(number)s") % {"number": words}
    return _("不多于 %(number)s") % {"number": words}
