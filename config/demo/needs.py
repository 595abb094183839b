"""Needs of real communities, each with its story; what lies in the past is written as it was.

Texts are invented. Refusals stand under the invented 示范社区. What waits on 夏社工's desk and a
visit that can become a need go through the services people use.
"""

import csv
from datetime import date, datetime, time, timedelta
from random import Random

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from accounts.models import Change, Organisation, Region, User
from accounts.working_days import add_working_days, working_days_between
from config.demo.cast import HAINING, NANGUANXIANG, Cast
from config.demo.timebank import DATA
from config.demo.volunteers import SEED
from timebank.models import Listing
from ventures.lifecycles.needs import NEED
from ventures.models import Need, NeedSupport, ProjectKind, Round, Track
from ventures.services.needs import NeedWords, raise_need, return_need
from ventures.services.visits import write_visit

FATE_VERBS = {arrow.target: arrow.verb for arrow in NEED if arrow.target in Need.FATES}
SUPPORTERS_MOST = 24


def load_needs(cast: Cast, people: list[User], *, today: date) -> None:
    """Sixty needs in every state, their voices and their trail."""
    rows = list(csv.DictReader((DATA / "needs.csv").open(encoding="utf-8")))
    chance = Random(SEED + 9)
    regions = {
        region.code: region
        for region in Region.objects.current().filter(code__in={row["place"] for row in rows})
    }
    needs = _written(rows, cast, people, regions, chance, today)
    _trail_of(needs, cast)
    _voices_of(needs, people, chance)
    _on_the_desk(cast, today)


def _written(
    rows: list[dict[str, str]],
    cast: Cast,
    people: list[User],
    regions: dict[str, Region],
    chance: Random,
    today: date,
) -> list[Need]:
    tracks = {track.code: track for track in Track.objects.all()}
    round = Round.objects.filter(region__code=HAINING, state=Round.State.OPEN).first()
    enze = Organisation.objects.get(name="恩泽社区服务社")
    needs: list[Need] = []
    for row in rows:
        region = regions.get(row["place"])
        if region is None:
            continue
        day = today - timedelta(days=int(row["waited"]))
        raised_at = _at(day, 8 + chance.randrange(9))
        has_fate = row["fate"] in Need.FATES
        answered_at = _at(min(add_working_days(day, 3 + chance.randrange(15)), today), 16)
        of_body, of_meeting = row["origin"] == "organisation", row["origin"] == "meeting"
        need = Need(
            title=row["title"],
            description=row["description"],
            region=region,
            track=tracks[row["track"]],
            kind=row["kind"],
            severity=int(row["severity"]),
            people=int(row["people"]),
            origin=row["origin"],
            organisation=enze if of_body else None,
            met_on=day - timedelta(days=2) if of_meeting else None,
            met_by=12 + chance.randrange(30) if of_meeting else None,
            raised_by=_raiser(row, cast, people, chance),
            raised_at=raised_at,
            listed_at=None
            if row["fate"] == Need.State.RAISED
            else raised_at + timedelta(hours=chance.randrange(20, 70)),
            is_demo=True,
        )
        need.state = row["fate"]
        if has_fate:
            need.answer, need.department = row["answer"], row["department"]
            need.answered_at = max(answered_at, (need.listed_at or raised_at) + timedelta(hours=2))
            need.days_taken = working_days_between(
                day + timedelta(days=1), timezone.localdate(need.answered_at)
            )
        if need.state == Need.State.IN_MENU:
            need.listing = _listing_near(region, row["answer"])
            assert need.listing is not None, "every town of the demo has a menu"
        if need.state == Need.State.IN_CALL:
            need.round = round
        if need.state == Need.State.MERGED:
            need.merged_into = next(n for n in needs if n.title == "想要一个会量血压的下午")
            need.save()
            needs.append(need)
            continue
        need.save()
        needs.append(need)
    return needs


def _raiser(row: dict[str, str], cast: Cast, people: list[User], chance: Random) -> User:
    if row["origin"] == "organisation":
        return cast.people["en"]
    if row["fate"] == Need.State.RAISED and row["place"] == NANGUANXIANG:
        return cast.people["baijia"]
    return chance.choice(people)


def _listing_near(region: Region, words: str) -> int | None:
    """The item of the town's menus that says most of what the answer says."""
    menu = Listing.objects.filter(state=Listing.State.PUBLISHED)
    near = list(menu.filter(station__region__lineage__contains=[region.lineage[3]])) or list(menu)

    def alike(listing: Listing) -> int:
        title = listing.title
        return sum(title[place : place + 2] in words for place in range(len(title) - 1))

    return max(near, key=lambda one: (alike(one), -one.pk)).pk if near else None


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 20)))


def _trail_of(needs: list[Need], cast: Cast) -> None:
    """One change for each step, when it was."""
    kind = ContentType.objects.get_for_model(Need)
    officer = cast.people["fan"]
    changes: list[Change] = []

    def step(need: Need, verb: str, before: str, after: str, at: datetime, by: User) -> Change:
        change = Change(content_type=kind, object_id=need.pk, verb=verb, acting_user=by, at=at)
        change.before, change.after = before, after
        changes.append(change)
        return change

    for need in needs:
        step(need, "raise", "", "raised", need.raised_at, need.raised_by)
        if need.listed_at:
            step(need, "list", "raised", "listed", need.listed_at, officer)
        if need.answered_at:
            told = step(
                need, FATE_VERBS[need.state], "listed", need.state, need.answered_at, officer
            )
            told.reason, told.facts = need.answer, {"days": need.days_taken}
        if need.merged_into_id and need.listed_at:
            merged_at = need.listed_at + timedelta(hours=3)
            step(need, "merge", "listed", "merged", merged_at, officer).facts = {
                "into": need.merged_into_id
            }
    Change.objects.bulk_create(sorted(changes, key=lambda one: one.at))


def _voices_of(needs: list[Need], people: list[User], chance: Random) -> None:
    supports = []
    for need in needs:
        if need.state in (Need.State.RAISED, Need.State.MERGED):
            continue
        most = min(SUPPORTERS_MOST, need.people, len(people))
        for user in chance.sample(people, chance.randrange(2, most) if most > 3 else 1):
            supports.append(NeedSupport(need=need, user=user))
    NeedSupport.objects.bulk_create(supports)


def _on_the_desk(cast: Cast, today: date) -> None:
    """A need 安安 has to complete, and a visit of 夏社工 that becomes a need with one tap."""
    home = Region.objects.get(code=NANGUANXIANG)
    elders = Track.objects.get(code="A1")
    need = raise_need(
        NeedWords(
            title="老人想学用血糖仪",
            description="子女买了血糖仪寄回来，说明书字太小，不会用。",
            region=home,
            track=elders,
            kind=ProjectKind.SERVICE,
            severity=Need.Severity.LOW,
            people=5,
        ),
        acting_user=cast.people["anan"],
    )
    return_need(
        need, reason="请写一下大约是哪几栋楼的老人，方便安排上门。", acting_user=cast.people["xia"]
    )
    for lack, household, note in (
        (
            "下雨天晾不了被子",
            "9 号楼一户",
            "老两口住一楼，雨季衣服发霉。隔壁也有同样的难处。",
        ),
        ("", "4 号楼一户", "身体都好，儿子每周回来。约好下个月再来看看。"),
    ):
        write_visit(
            {
                "region": home,
                "visited_on": today - timedelta(days=1),
                "household": household,
                "note": note,
                "lack": lack,
                "details": "一楼和背阴的人家，雨季没有地方晾晒，希望有公共的烘干或晾晒点。"
                if lack
                else "",
                "track": elders if lack else None,
                "kind": ProjectKind.GOVERNANCE,
                "severity": Need.Severity.MIDDLE,
                "people": 18 if lack else 1,
            },
            acting_user=cast.people["xia"],
        )
