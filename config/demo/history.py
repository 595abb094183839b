"""The closed programme year: 308 projects whose totals are public and whose details are invented.

Published: 308 projects, 40.9 % of them governance, 257万余元. The rows here sum to exactly that
(126 governance; 2,573,600 yuan), so that the public figures come out of the rows.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Attachment, Organisation, Region, User
from accounts.services.attachments import store_pdf
from accounts.services.papers import typeset
from config.demo.cast import HAINING, Cast
from config.demo.themes import GROUPS, invented_title, shared_out
from config.demo.timebank import DATA
from config.demo.volunteers import SEED
from timebank import doors
from ventures.models import (
    Announcement,
    Award,
    Decision,
    FundSource,
    Programme,
    ProjectKind,
    Proposal,
    PublicNotice,
    Resolution,
    Round,
    Rubric,
    Track,
)
from ventures.selectors.announcements import Ending, final_words_of
from ventures.selectors.notices import closing_instant_of
from ventures.selectors.snapshots import digest_of
from ventures.services.funds import open_round_fund
from ventures.services.rounds import copy_rubric

SPONSOR = "海宁市民政局"
NO_SUCH_PHONE = "100-0000-0000"
LEVELS = {
    "市级": (Round.Level.CITY, 5_000_000, Resolution.Kind.PARTY_GROUP, "局党组会"),
    "镇（街道）级": (Round.Level.TOWN, 2_000_000, Resolution.Kind.TOWN, "镇街班子会（汇总）"),
    "村（社区）级": (
        Round.Level.COMMUNITY,
        1_000_000,
        Resolution.Kind.COMMITTEES,
        "村（社区）两委（汇总）",
    ),
}

PREFIXES = {Round.Level.CITY: "S", Round.Level.TOWN: "Z", Round.Level.COMMUNITY: "C"}


@dataclass(frozen=True)
class PastProject:
    """One invented project of the closed year."""

    title: str
    place: Region
    track: Track
    is_governance: bool
    level: str
    amount_fen: int
    grantee: Organisation


def open_programme(cast: Cast) -> Programme:
    """七彩社区 is one row."""
    programme, _new = Programme.objects.get_or_create(
        code="qicai",
        defaults={
            "name": "厢里乡亲·七彩社区",
            "about": "社会组织承接，社工团队执行，面向社区实施：三社联动的公益创投。",
            "region": Region.objects.current().get(code=HAINING),
            "is_demo": True,
        },
    )
    return programme


def load_history(cast: Cast, programme: Programme) -> None:
    """Three concluded rounds, one per level, with their awards, notices and announcements."""
    facts = json.loads((DATA / "history.json").read_text(encoding="utf-8"))
    chance = Random(SEED + 4)
    groups = _groups(chance, cast)
    projects = list(_projects(chance, facts, groups))
    assert len(projects) == facts["projects"], "the public number of projects"
    for level in LEVELS:
        _close_round(level, [one for one in projects if one.level == level], programme, cast)


def _groups(chance: Random, cast: Cast) -> list[Organisation]:
    """Filed groups of the villages and communities, all invented, paid through the operator."""
    places = list(
        Region.objects.current().communities().filter(is_fictional=False).order_by("code")
    )
    chance.shuffle(places)
    return Organisation.objects.bulk_create(
        [
            Organisation(
                name=f"{place.short_name}{chance.choice(GROUPS)}",
                kind=Organisation.Kind.FILED,
                host=cast.organisations["shelifang"],
                filing_number=f"备-演示-{number:04d}",
                founded_on=date(2016, chance.randint(1, 12), 1),
                contact_name="演示联系人",
                contact_phone=NO_SUCH_PHONE,
                region=place,
                is_demo=True,
                state=Organisation.State.VERIFIED,
                hosting_agreed_at=timezone.now(),
                verified_at=timezone.now(),
            )
            for number, place in enumerate(places, start=100)
        ]
    )


def _projects(
    chance: Random, facts: dict[str, Any], groups: list[Organisation]
) -> Iterator[PastProject]:
    tracks = {track.name: track for track in Track.objects.all()}
    kinds = [
        (tracks[row["track"]], number < row["governance"])
        for row in facts["by_track"]
        for number in range(row["projects"])
    ]
    chance.shuffle(kinds)
    seen: set[str] = set()
    for row in facts["by_level"]:
        amounts = shared_out(
            chance,
            row["yuan"],
            row["projects"],
            step=100,
            cap=LEVELS[row["level"]][1] // 100,
        )
        for amount, grantee in zip(amounts, groups, strict=False):
            track, is_governance = kinds.pop()
            yield PastProject(
                title=_fresh_title(chance, grantee.region, track, is_governance, seen),
                place=grantee.region,
                track=track,
                is_governance=is_governance,
                level=row["level"],
                amount_fen=amount * 100,
                grantee=grantee,
            )


def _fresh_title(
    chance: Random, place: Region, track: Track, is_governance: bool, seen: set[str]
) -> str:
    title = invented_title(chance, place.short_name, track.name, is_governance=is_governance)
    while title in seen:
        title = f"{title}（二期）"
    seen.add(title)
    return title


def _close_round(level: str, projects: list[PastProject], programme: Programme, cast: Cast) -> None:
    officer = cast.people["fan"]
    round = _past_round(level, projects, programme, officer)
    open_round_fund(round, acting_user=officer)
    resolution = _past_resolution(level, round, officer)
    _award_all(round, projects, resolution, officer, cast.people["ou"])
    notice = _past_notice(round, projects, resolution, officer)
    told = Decision.objects.filter(proposal__round=round).select_related("proposal", "award")
    words = final_words_of(notice, Ending(tuple(told.order_by("pk"))), date(2019, 6, 3))
    Announcement.objects.create(
        notice=notice,
        snapshot=words,
        sha256=digest_of(words),
        published_by=officer,
        published_at=_at(date(2019, 6, 3), time(10, 0)),
    )


def _past_round(
    level: str, projects: list[PastProject], programme: Programme, officer: User
) -> Round:
    code, cap_fen, _kind, _meeting = LEVELS[level]
    rubric = Rubric.objects.filter(is_preset=True).order_by("id").first()
    assert rubric is not None, "presets come with the migrations"
    round = Round.objects.create(
        programme=programme,
        code=f"2019-{code}",
        number_prefix=f"QC2019-{PREFIXES[code]}",
        name=f"2018—2019 年度“七彩社区”公益创投（{level}，演示明细）",
        level=code,
        region=programme.region,
        document_number="海民（演示）〔2019〕1 号",
        year=2019,
        sponsor_names=[SPONSOR],
        contact_name="演示联系人",
        contact_phone=NO_SUCH_PHONE,
        supervision_phone=NO_SUCH_PHONE,
        address="海宁市（演示地址）",
        fund_fen=sum(one.amount_fen for one in projects),
        cap_fen=cap_fen,
        kinds=list(ProjectKind.values),
        rubric=copy_rubric(rubric),
        opens_at=_at(date(2019, 3, 4), time(9, 0)),
        closes_at=_at(date(2019, 4, 12), time(17, 30)),
        published_at=_at(date(2019, 3, 4), time(9, 0)),
        state=Round.State.CONCLUDED,
        proposals_numbered=len(projects),
        is_demo=True,
        created_by=officer,
    )
    round.tracks.set(Track.objects.all())
    kind = FundSource.Kind.COMMUNITY if code == Round.Level.COMMUNITY else FundSource.Kind.LOTTERY
    FundSource.objects.create(round=round, position=1, kind=kind, amount_fen=round.fund_fen)
    return round


def _past_resolution(level: str, round: Round, officer: User) -> Resolution:
    _code, _cap, kind, meeting = LEVELS[level]
    return Resolution.objects.create(
        round=round,
        kind=kind,
        meeting=f"{meeting}（演示）",
        held_on=date(2019, 5, 15),
        number=f"〔2019〕演示 {round.pk} 号",
        minutes=minutes_paper(
            f"{round.name}立项会议纪要",
            "〔2019〕演示",
            ["历史年度只公开合计数，本纪要为演示生成，不是真实文件。"],
            date(2019, 5, 15),
            officer,
        ),
        recorded_by=officer,
    )


def minutes_paper(
    title: str, number: str, lines: list[str], held_on: date, officer: User
) -> Attachment:
    """A meeting's minutes as the PDF that would be uploaded."""
    content = typeset(
        "config/demo/papers/minutes.typ",
        {
            "title": title,
            "number": number,
            "lines": lines,
            "issuer": SPONSOR,
            "date": f"{held_on.year}年{held_on.month}月{held_on.day}日",
            "notice": "演示文件：地名与公开合计真实，其余虚构",
        },
    )
    return store_pdf(
        SimpleUploadedFile("会议纪要.pdf", content, "application/pdf"), acting_user=officer
    )


def _award_all(
    round: Round,
    projects: list[PastProject],
    resolution: Resolution,
    officer: User,
    filled_in_by: User,
) -> None:
    """`filled_in_by`: of the groups' host; an officer who filled one in would be kept from it."""
    submitted_at = _at(date(2019, 4, 10), time(15, 0))
    proposals = Proposal.objects.bulk_create(
        [
            Proposal(
                code=f"{round.number_prefix}-{number:04d}",
                round=round,
                applicant=one.grantee,
                host=one.grantee.host,
                title=one.title,
                responsible_name="演示联系人",
                responsible_phone=NO_SUCH_PHONE,
                track=one.track,
                kind=ProjectKind.GOVERNANCE if one.is_governance else ProjectKind.SERVICE,
                requested_fen=one.amount_fen,
                state=Proposal.State.AWARDED,
                created_by=filled_in_by,
                saved_by=filled_in_by,
                submitted_at=submitted_at,
            )
            for number, one in enumerate(projects, start=1)
        ]
    )
    places = Proposal.communities.through
    places.objects.bulk_create(
        places(proposal_id=proposal.pk, region_id=one.place.pk)
        for proposal, one in zip(proposals, projects, strict=True)
    )
    decisions = Decision.objects.bulk_create(
        [
            Decision(
                proposal=proposal,
                state=Decision.State.FINAL,
                outcome=Decision.Outcome.AWARD,
                amount_fen=proposal.requested_fen,
                resolution=resolution,
                prepared_by=officer,
            )
            for proposal in proposals
        ]
    )
    Award.objects.bulk_create(
        [
            Award(
                decision=decision,
                proposal=decision.proposal,
                resolution=resolution,
                amount_fen=decision.amount_fen,
                transfer_id=doors.commit_fund(
                    round.fund_key,
                    amount_fen=decision.amount_fen,
                    source=f"ventures.proposal:{decision.proposal_id}",
                    key=f"ventures.award:{decision.proposal_id}",
                    reason=decision.proposal.code,
                    acting_user=officer,
                ),
            )
            for decision in decisions
        ]
    )


def _past_notice(
    round: Round, projects: list[PastProject], resolution: Resolution, officer: User
) -> PublicNotice:
    starts_on, last_day = date(2019, 5, 20), date(2019, 5, 24)
    code = f"{round.code}-gs1"
    title = f"关于{round.name}拟立项项目的公示"
    words: dict[str, Any] = {
        "code": code,
        "title": title,
        "basis": round.document_number,
        "round": {"code": round.code, "name": round.name, "level": round.level},
        "starts_on": starts_on.isoformat(),
        "last_day": last_day.isoformat(),
        "working_days": 5,
        "closes_at": closing_instant_of(last_day).isoformat(),
        "department": SPONSOR,
        "contact_name": round.contact_name,
        "contact_phone": round.contact_phone,
        "address": round.address,
        "postcode": "",
        "supervision_phone": round.supervision_phone,
        "objection_ways": "公示期已过。",
        "issuer": SPONSOR,
        "how_decided": [
            "历史年度的逐项评审记录没有迁入本系统，只有公开的合计数是真实的。",
            f"{resolution.meeting}集体研究决定，立项 {len(projects)} 个。",
        ],
        "projects": [
            {
                "number": number,
                "code": f"{round.number_prefix}-{number:04d}",
                "title": one.title,
                "grantee": one.grantee.name,
                "host": one.grantee.host.name if one.grantee.host else "",
                "communities": [one.place.short_name],
                "track": one.track.name,
                "amount_fen": one.amount_fen,
                "score": "",
            }
            for number, one in enumerate(projects, start=1)
        ],
        "reserves": [],
        "total_fen": sum(one.amount_fen for one in projects),
    }
    return PublicNotice.objects.create(
        round=round,
        code=code,
        state=PublicNotice.State.CONCLUDED,
        title=title,
        basis=round.document_number,
        starts_on=starts_on,
        last_day=last_day,
        working_days=5,
        closes_at=closing_instant_of(last_day),
        snapshot=words,
        sha256=digest_of(words),
        published_by=officer,
        published_at=_at(starts_on, time(9, 0)),
        concluded_at=_at(date(2019, 6, 3), time(10, 0)),
    )


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
