"""What is known of applicants, and what a round asks of them: gathered for the pure rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from ventures.models import ApplicantKind, Bar, Condition, Proposal, Round, StandingFact
from ventures.rules.applicants import Asked, Finding, Listed, OtherProject, Request, Standing
from ventures.rules.conditions import strictest
from ventures.rules.eligibility import findings

S = Proposal.State
Kind = StandingFact.Kind
OUT = (
    S.WITHDRAWN, S.NOT_SELECTED, S.UNFILED, S.REFUSED, S.LAPSED, S.DECLINED, S.STOPPED,
    S.GIVEN_UP, S.CANCELLED,
)  # fmt: skip


@dataclass(frozen=True)
class Check:
    """One organisation held against a round's conditions."""

    organisation: Organisation
    findings: Sequence[Finding]

    @property
    def stops(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.stops]

    @property
    def questions(self) -> list[Finding]:
        return [f for f in self.findings if f.verdict.value == "ask"]


def conditions_of(round: Round) -> list[Asked]:
    """What is asked for this round: its own rows, the programme's, and those of its place and the
    places above that are in force on the day it opens; of each the strictest."""
    day = timezone.localdate(round.opens_at)
    standing = Q(valid_from__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gte=day))
    rows = Condition.objects.filter(
        Q(round=round)
        | standing & (Q(programme=round.programme_id) | Q(region__in=round.region.lineage))
    ).select_related("programme", "region")
    return strictest(asked_of(row) for row in rows)


def asked_of(row: Condition) -> Asked:
    if row.round_id is not None:
        origin = _("本轮")
    elif row.programme is not None:
        origin = row.programme.name
    else:
        assert row.region is not None, "condition_stands_in_one_place"
        origin = row.region.short_name
    return Asked(
        check=row.check_name,
        applicant_kind=row.applicant_kind,
        figure=row.figure,
        kinds=tuple(row.kinds),
        above_fen=row.above_fen,
        is_hard=row.is_hard,
        origins=(origin,),
    )


def standing_of(organisation: Organisation, round: Round, day: date) -> Standing:
    """Everything the rules ask about one organisation, in four queries."""
    facts = list(
        StandingFact.objects.filter(
            organisation=organisation, struck_at__isnull=True, from_on__lte=day
        ).order_by("from_on", "id")
    )
    ratings = [fact for fact in facts if fact.kind == Kind.RATING]
    latest = ratings[-1] if ratings else None
    own = [organisation.pk] + ([organisation.host_id] if organisation.host_id else [])
    bars = list(Bar.objects.in_force(day).filter(organisation__in=own))
    mine = [bar for bar in bars if bar.organisation_id == organisation.pk]
    longest = max(mine, key=lambda bar: bar.until_on or date.max) if mine else None
    host = organisation.host
    return Standing(
        kind=ApplicantKind.FILED if organisation.is_filed else ApplicantKind.REGISTERED,
        is_verified=organisation.verified_at is not None,
        founded_on=organisation.founded_on,
        lineage=tuple(organisation.region.lineage),
        stated_rating=int(organisation.rating[0]) if organisation.rating else 0,
        rating=latest.rating if latest else None,
        rating_until=latest.until_on if latest else None,
        annual_checks={
            fact.year: fact.result
            for fact in facts
            if fact.kind == Kind.ANNUAL_CHECK and fact.year is not None
        },
        lists={
            kind: [
                Listed(fact.from_on, fact.until_on, fact.source)
                for fact in facts
                if fact.kind == kind
            ]
            for kind in (Kind.ABNORMAL, Kind.DISHONEST, Kind.VIOLATION)
        },
        is_barred=longest is not None,
        barred_until=longest.until_on if longest else None,
        bar_number=longest.document_number if longest else "",
        host_name=host.name if host else "",
        is_host_verified=host is not None and host.verified_at is not None,
        is_host_barred=any(bar.organisation_id == organisation.host_id for bar in bars)
        if organisation.host_id
        else False,
        others=_others(Q(applicant=organisation), round),
    )


def standing_of_initiator(
    user: User, host: Organisation | None, round: Round, day: date
) -> Standing:
    """A named initiator was verified before she began; her host is paid for her."""
    return Standing(
        kind=ApplicantKind.INITIATOR,
        is_verified=True,
        lineage=tuple(user.home_region.lineage) if user.home_region else (),
        host_name=host.name if host else "",
        is_host_verified=host is not None and host.verified_at is not None,
        is_host_barred=host is not None
        and Bar.objects.in_force(day).filter(organisation=host).exists(),
        others=_others(Q(initiator=user), round),
    )


def _others(whose: Q, round: Round) -> list[OtherProject]:
    """The applicant's projects in other rounds of the programme and the year, at whatever level:
    the group's own, not its host's."""
    others = (
        Proposal.objects.filter(
            whose,
            round__programme=round.programme_id,
            round__year=round.year,
        )
        .exclude(round=round)
        .exclude(state__in=OUT)
        .select_related("round")
        .order_by("code")
    )
    return [
        OtherProject(one.code, one.title, one.round.name, one.state != S.DRAFT) for one in others
    ]


def checks_of(organisations: Iterable[Organisation], round: Round, day: date) -> list[Check]:
    """Each organisation before it begins: what is fine, what is not, what a person must look at."""
    asked = conditions_of(round)
    request = Request(day=day, region_id=round.region_id)
    return [
        Check(one, findings(standing_of(one, round, day), asked, request)) for one in organisations
    ]


def findings_of(proposal: Proposal, day: date) -> list[Finding]:
    """The same with what the proposal says: its title and its sums."""
    round = proposal.round
    request = Request(
        day=day,
        region_id=round.region_id,
        title=proposal.title,
        requested_fen=proposal.requested_fen if round.has_budget else None,
        matching_fen=proposal.matching_fen,
    )
    return findings(_standing_behind(proposal, day), conditions_of(round), request)


def _standing_behind(proposal: Proposal, day: date) -> Standing:
    if proposal.applicant is not None:
        return standing_of(proposal.applicant, proposal.round, day)
    assert proposal.initiator is not None, "proposal_has_one_applicant"
    return standing_of_initiator(proposal.initiator, proposal.host, proposal.round, day)
