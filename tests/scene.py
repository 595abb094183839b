"""The scene of the permission matrix: one of each thing, and whose it is.

南关厢 is 陈站长's station in 硖石街道, 许村 is 程站长's in 许村镇. City rounds are 范科长's,
with 社立方 (欧经理) for their operator; those of 许村 are 许主任's, without one.
恩泽社 is 恩老师's and 恩晓's; 半日闲 is 潘队长's, with 社立方 for its host; `body` is an invented
group that nobody of the cast belongs to.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts.models import (
    Invitation,
    Membership,
    Message,
    Organisation,
    Region,
    Station,
    User,
)
from accounts.services.attachments import store_image, store_pdf
from accounts.services.calendar import set_holiday
from accounts.services.hostings import agree_to_host
from accounts.services.invitations import invite_member, invite_to_office
from accounts.services.messages import tell
from accounts.services.organisations import register_organisation, return_organisation
from accounts.services.words import set_word
from config.demo.cast import HAINING, XIASHI, XUCUN, Cast, bring_in_cast
from tests import scene_activities, scene_checks, scene_presence
from tests.cast import make_places
from tests.factories.timebank import at, make_bank, make_confirmed_record, make_record
from tests.factories.timebank_orders import (
    an_hour_ago,
    give_hours,
    make_listing,
    make_order,
    make_wish,
    tomorrow,
)
from tests.factories.ventures import make_proposal, make_round, publish
from tests.factories.ventures_awards import (
    assignment_of,
    draft,
    hand_in,
    make_body,
    make_decided_round,
    make_panel,
    make_round_in_review,
    make_scored_round,
)
from tests.scene_books import books_of_the_scene
from tests.scene_defences import defences_of_the_scene, forms_of_defences
from tests.scene_forms import forms as forms_of_forms
from tests.scene_forms import forms_of_the_scene
from tests.scene_needs import forms as forms_of_needs
from tests.scene_needs import needs_of_the_scene
from tests.scene_phases import forms_of_phases, phases_of_the_scene
from tests.scene_proposals import forms as forms_of_proposals
from tests.scene_proposals import proposals_of_the_scene
from tests.scene_recognition import recognition_of_the_scene
from tests.scene_reviewers import forms_of_reviewers, reviewers_of_the_scene
from tests.scene_rounds import rounds_around
from tests.scene_selections import forms as forms_of_selections
from tests.scene_selections import selections_of_the_scene
from tests.scene_timetable import forms as forms_of_timetable
from tests.scene_timetable import timetable_of_the_scene
from timebank.models import ServiceOrder
from timebank.services.order_endings import confirm_order, dispute_order, uphold_order
from timebank.services.orders import accept_order, deliver_order
from timebank.services.photos import keep_photo
from timebank.services.record_decisions import return_record
from ventures.models import (
    Override,
    Proposal,
    ProposalFile,
    PublicNotice,
    Recusal,
    Remark,
    RemarkText,
    ReviewPack,
    Round,
)
from ventures.selectors.notices import usual_terms_of
from ventures.services import notices
from ventures.services.notices import conclude_notice, publish_notice
from ventures.services.objections import Objecting, file_objection
from ventures.services.proposals import submit_proposal, withdraw_proposal
from ventures.services.screening import accept_proposal, return_proposal

MINIMAL_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True)
class Scene:
    """The cast; what fills an address, by thing; what a POST sends, by form."""

    cast: Cast
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)


def build_scene() -> Scene:
    """One of each thing, through the services that make them."""
    make_places()
    cast = bring_in_cast()
    things: dict[str, dict[str, Any]] = {"-": {}}
    for part in (
        _people,
        _offices,
        _records,
        _menu_and_orders,
        _calls,
        _reviews,
        _decisions,
        scene_activities.activities,
        scene_presence.presence_of_the_scene,
        books_of_the_scene,
        recognition_of_the_scene,
        scene_checks.checks_of_the_scene,
        needs_of_the_scene,
        reviewers_of_the_scene,
        defences_of_the_scene,
        phases_of_the_scene,
        proposals_of_the_scene,
        forms_of_the_scene,
    ):
        things |= dict(part(cast))
    return Scene(
        cast,
        things,
        _apart(
            _forms(cast),
            scene_activities.forms(),
            scene_checks.forms(),
            scene_presence.forms(),
            forms_of_needs(),
            forms_of_reviewers(cast),
            forms_of_defences(),
            forms_of_phases(),
            forms_of_proposals(cast),
            forms_of_selections(cast),
            forms_of_timetable(cast),
            forms_of_forms(),
        ),
    )


def _apart(*parts: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """All forms as one; none may hide another of its name."""
    whole: dict[str, dict[str, Any]] = {}
    for part in parts:
        assert not whole.keys() & part.keys(), f"forms twice: {whole.keys() & part.keys()}"
        whole |= part
    return whole


def _people(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    """Messages, organisations, the people somebody looks after."""
    message: Message = tell(
        cast.anan, kind="hello", title="你好", body="欢迎。", link="/me/", key="scene:anan"
    )
    yield "message-anan", {"pk": message.pk}
    for purpose in ("photo", "proxy"):
        yield f"consent-{purpose}", {"purpose": purpose}
    yield "user-anan", {"object_id": cast.anan.pk}
    yield "person-anan", {"pk": cast.anan.pk}
    yield "person-cheng", {"pk": cast.cheng.pk}

    founder = User.objects.create_user(display_name="创办人", email="founder@example.com")
    enze = cast.organisations["enze"]
    submitted = agree_to_host(_registered("许村邻里社", XUCUN, founder), acting_user=cast.en)
    returned = agree_to_host(_registered("半日闲分队", XIASHI, cast.pan), acting_user=cast.en)
    return_organisation(returned, reason="编号与备案表不符", acting_user=cast.fan)
    for key, organisation in (
        ("org-enze", enze),
        ("org-submitted-xucun", submitted),
        ("org-returned-pan", returned),
    ):
        yield key, {"pk": organisation.pk}
    for key in ("en", "enxiao"):
        membership = Membership.objects.get(user=cast.people[key], organisation=enze)
        yield f"{key}-in-enze", {"pk": enze.pk, "membership": membership.pk}
    asking = _registered("半日闲二队", XIASHI, cast.pan)
    for key, group in (("asking", asking), ("hosted", submitted)):
        yield f"group-{key}", {"pk": enze.pk, "group": group.pk}
    yield "org-asking", {"pk": asking.pk}
    yield "org-banrixian", {"pk": cast.organisations["banrixian"].pk}
    yield "org-shelifang", {"pk": cast.organisations["shelifang"].pk}


def _offices(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    """诸阿姨 is asked to join 恩泽社 and to coach; offices to look at; a day and a word."""
    member = invite_member(
        cast.organisations["enze"], cast.zhu.phone, duty="member", acting_user=cast.en
    )
    coach = invite_to_office(
        cast.zhu.phone,
        kind="coach",
        region=Region.objects.get(code=XIASHI),
        starts_on=timezone.localdate(),
        ends_on=None,
        reason="聘请",
        acting_user=cast.fan,
    )
    Invitation.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    yield "invitation-member", {"token": member.token}
    yield "invitation-coach", {"token": coach.token}
    yield "office-chen", {"pk": cast.chen.roles.get(kind="coordinator").pk}
    yield "office-guo", {"pk": cast.guo.roles.get().pk}
    yield "membership-en", {"pk": cast.en.roles.get(kind="manager").pk}
    for kind in ("coach", "auditor", "officer"):
        yield f"kind-{kind}", {"kind": kind}
    holiday = set_holiday(date(2027, 2, 6), name="春节", is_working=False, acting_user=cast.guo)
    yield "year", {"year": 2027}
    yield "holiday", {"year": 2027, "pk": holiday.pk}
    coming = Station.objects.create(
        name="许村新站", region=Region.objects.get(code=XUCUN), state=Station.State.COMING
    )
    yield "station-xucun", {"pk": cast.stations["xucun"].pk}
    yield "station-coming", {"pk": coming.pk}
    word = set_word(None, chinese="理发", english="Haircut", acting_user=cast.guo)
    yield "word", {"pk": word.pk}


def _registered(name: str, region: str, by: User) -> Organisation:
    return register_organisation(
        name=name,
        kind=Organisation.Kind.FILED,
        region=Region.objects.get(code=region),
        host=Organisation.objects.get(name="恩泽社区服务社"),
        contact_name=by.display_name,
        contact_phone="10000000009",
        acting_user=by,
    )


def _records(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    """安安's records at 南关厢 in every state, one of 陈站长 herself, one of 诸阿姨 at 许村."""
    make_bank()
    home, away = cast.stations["nanguanxiang"], cast.stations["xucun"]
    hours = {"started_at": at(8), "ended_at": at(9)}
    yield "record-submitted", {"pk": make_record(cast.anan, home, **hours).pk}
    returned = make_record(cast.anan, home, started_at=at(9), ended_at=at(10))
    return_record(returned, reason="请写明地点", acting_user=cast.chen)
    yield "record-returned", {"pk": returned.pk}
    confirmed = make_confirmed_record(
        cast.anan, home, cast.chen, started_at=at(10), ended_at=at(11)
    )
    yield "record-confirmed", {"pk": confirmed.pk}
    yield "record-chen", {"pk": make_record(cast.chen, home, **hours).pk}
    yield "record-xucun", {"pk": make_record(cast.zhu, away, **hours).pk}
    with_photo = make_record(cast.anan, home, started_at=at(11), ended_at=at(12))
    photo = store_image(_picture(), acting_user=cast.anan)
    with_photo.photos.add(photo)
    yield "record-photo", {"pk": with_photo.pk, "token": photo.token}
    yield "record-wrong-photo", {"pk": confirmed.pk, "token": photo.token}


def _picture() -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(file, "JPEG")
    return SimpleUploadedFile("现场.jpg", file.getvalue(), "image/jpeg")


def _menu_and_orders(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    """The menus of two stations; 方爷爷's orders at 南关厢 in every state, served by 安安."""
    home, away = cast.stations["nanguanxiang"], cast.stations["xucun"]
    give_hours(cast.anan, 60, station=home)
    listing = make_listing(home)
    yield "listing", {"pk": listing.pk}
    unpublished = make_listing(home, title="陪诊", state="draft")
    yield "listing-draft", {"pk": unpublished.pk}
    yield "listing-draft-publish", {"pk": unpublished.pk, "verb": "publish"}
    yield "listing-draft-xucun", {"pk": make_listing(away, title="陪聊", state="draft").pk}
    for verb in ("publish", "pause", "close", "nonsense"):
        yield f"listing-{verb}", {"pk": listing.pk, "verb": verb}
    yield "pool", {"pk": home.pk}

    def order(hour: int, **facts: Any) -> ServiceOrder:
        wish = make_wish(on=tomorrow(), start=time(hour), end=time(hour + 1))
        return make_order(cast, listing=listing, wish=wish, **facts)

    pooled = order(
        8,
        requested_by=cast.chen,
        recipient=cast.persons["bai"],
        drawn_from=ServiceOrder.DrawnFrom.POOL,
    )
    placed = order(9)
    accepted = accept_order(order(10), acting_user=cast.anan)
    delivered = _delivered(order(11), cast, minutes_ago=180)
    disputed = _delivered(order(12), cast, minutes_ago=240)
    dispute_order(disputed, reason="没有人来过", acting_user=cast.fang)
    settled = _delivered(order(13), cast, minutes_ago=300)
    confirm_order(settled, stars=5, words="", acting_user=cast.fang)
    upheld = _delivered(order(14), cast, minutes_ago=360)
    dispute_order(upheld, reason="没有人来过", acting_user=cast.fang)
    uphold_order(upheld, minutes=30, reason="邻居看见了", acting_user=cast.chen)
    photo = store_image(_picture(), acting_user=cast.anan)
    delivered.photos.add(photo)
    yield "order-photo", {"pk": delivered.pk, "token": photo.token}
    yield "draft-photo", {"pk": keep_photo(_picture(), acting_user=cast.anan).pk}
    orders = {
        "pool": pooled,
        "placed": placed,
        "accepted": accepted,
        "delivered": delivered,
        "disputed": disputed,
        "settled": settled,
        "upheld": upheld,
    }
    verbs = {
        "placed": ("cancel", "decline"),
        "accepted": ("give_back", "reassign", "cancel"),
        "delivered": ("dispute", "cancel"),
        "disputed": ("overturn",),
    }
    for state, one in orders.items():
        yield f"order-{state}", {"pk": one.pk}
        for verb in verbs.get(state, ()):
            yield f"order-{state}-{verb}", {"pk": one.pk, "verb": verb}


def _delivered(order: ServiceOrder, cast: Cast, *, minutes_ago: int) -> ServiceOrder:
    accept_order(order, acting_user=cast.anan)
    before = timedelta(minutes=minutes_ago - 60)
    return deliver_order(
        order,
        served_from=an_hour_ago() - before,
        served_to=an_hour_ago(30) - before,
        acting_user=cast.anan,
    )


def _calls(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    """Rounds before review and what was filed in them."""
    enze, banrixian = cast.organisations["enze"], cast.organisations["banrixian"]
    drafts = {
        "round-draft": _round(cast, state=Round.State.DRAFT),
        "round-draft-xiashi": _round(cast, XIASHI, state=Round.State.DRAFT),
        "round-draft-xucun": _round(cast, XUCUN, state=Round.State.DRAFT),
    }
    for key, round in drafts.items():
        yield key, {"code": round.code}

    yield from rounds_around(
        cast,
        lambda: _round(cast, state=Round.State.DRAFT),
        lambda: _round(cast, XUCUN, state=Round.State.DRAFT),
    )

    yield from timetable_of_the_scene(
        cast, lambda **terms: _published(_round(cast, state=Round.State.DRAFT, **terms))
    )

    yield from selections_of_the_scene(
        cast, lambda **terms: _published(_round(cast, state=Round.State.DRAFT, **terms))
    )

    filing, writing, mending = (_published(_round(cast, state=Round.State.DRAFT)) for _ in "123")
    yield "round-open", {"code": filing.code}
    submitted = make_proposal(filing, enze, created_by=cast.enxiao)
    submit_proposal(submitted, acting_user=cast.en)
    yield from _proposal("enze-submitted", submitted)
    pdf = SimpleUploadedFile("签章页.pdf", MINIMAL_PDF, "application/pdf")
    file = ProposalFile.objects.create(
        proposal=submitted,
        attachment=store_pdf(pdf, acting_user=cast.en),
        kind=ProposalFile.Kind.SIGNATURE,
        added_by=cast.en,
    )
    yield "enze-submitted-file", {"code": submitted.code, "pk": file.pk}
    of_pan = make_proposal(filing, banrixian, created_by=cast.pan)
    yield from _proposal("pan-draft", of_pan)
    yield "pan-draft-with-file-of-enze", {"code": of_pan.code, "pk": file.pk}
    yield from _proposal("enze-draft", make_proposal(writing, enze, created_by=cast.enxiao))
    hosted = make_proposal(writing, banrixian, created_by=cast.pan)
    submit_proposal(hosted, acting_user=cast.pan)
    yield from _proposal("pan-submitted", hosted)
    returned = make_proposal(mending, enze, created_by=cast.enxiao)
    submit_proposal(returned, acting_user=cast.en)
    return_proposal(
        returned,
        reason="预算缺依据",
        marked_fields=["budget"],
        complete_by=timezone.now() + timedelta(days=5),
        acting_user=cast.fan,
    )
    yield from _proposal("enze-returned", returned)
    withdrawn = make_proposal(mending, banrixian, created_by=cast.pan)
    submit_proposal(withdrawn, acting_user=cast.pan)
    withdraw_proposal(withdrawn, acting_user=cast.pan)
    yield from _proposal("pan-withdrawn", withdrawn)

    town = _published(_round(cast, XUCUN, state=Round.State.DRAFT))
    yield "round-open-xucun", {"code": town.code}
    in_town = make_proposal(town, enze, created_by=cast.enxiao)
    submit_proposal(in_town, acting_user=cast.en)
    yield from _proposal("enze-xucun", in_town)

    screened_round = _published(_round(cast, state=Round.State.DRAFT))
    screened = make_proposal(screened_round, enze, created_by=cast.enxiao)
    submit_proposal(screened, acting_user=cast.en)
    accept_proposal(screened, acting_user=cast.fan)
    now = timezone.now()
    Round.objects.filter(pk=screened_round.pk).update(
        opens_at=now - timedelta(days=20), closes_at=now - timedelta(days=1)
    )
    yield "round-closed", {"code": screened_round.code}


def _round(cast: Cast, place: str = HAINING, **fields: Any) -> Round:
    """A round of the place: the city's with its operator, a town's without."""
    is_city = place == HAINING
    return make_round(
        created_by=cast.xu if place == XUCUN else cast.fan,
        region=Region.objects.get(code=place),
        level=Round.Level.CITY if is_city else Round.Level.TOWN,
        operator=cast.organisations["shelifang"] if is_city else None,
        document_number="海民（演示）〔2026〕1 号",
        eligibility="本地登记或备案的社会组织。",
        about="为老服务。",
        timetable="形式审查；评审；公示。",
        address="演示地址",
        signature_due_on=timezone.localdate() + timedelta(days=20),
        **fields,
    )


def _published(round: Round) -> Round:
    return publish(round)


def _proposal(key: str, proposal: Proposal) -> Iterator[tuple[str, dict[str, Any]]]:
    yield key, {"code": proposal.code}
    if proposal.versions.exists():
        yield f"{key}-1", {"code": proposal.code, "number": 1}


def _reviews(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    """许村's round in review: 丁老师 handed one sheet in, 沈会计师 is writing, 陆总干事 has not
    committed herself, 顾书记 has a tie to 恩泽社 that appeared after he was assigned."""
    body = make_body("示范邻里队", host=cast.organisations["shelifang"])
    round = make_round_in_review(
        cast.xu,
        [cast.organisations["enze"], body],
        region=Region.objects.get(code=XUCUN),
        level=Round.Level.TOWN,
    )
    yield "round-review", {"code": round.code}
    of_enze, of_body = round.proposals.order_by("code")
    panel = make_panel(round, [cast.ding, cast.shen, cast.gu], officer=cast.xu)
    yield "panel", {"pk": panel.pk}
    yield "pack-ding", {"pk": ReviewPack.objects.create(reviewer=cast.ding).pk}
    make_panel(round, [cast.ding, cast.shen, cast.gu, cast.lu], officer=cast.xu, committed=False)
    handed_in = hand_in(cast.ding, of_enze, 80)
    draft(cast.shen, of_enze, 70)
    member = assignment_of(cast.ding, of_enze).member
    remark = Remark.objects.create(
        proposal=of_enze, author=cast.ding, member=member, audience=Remark.Audience.REVIEWERS
    )
    RemarkText.objects.create(remark=remark, number=1, text="预算偏高")
    yield "remark-ding", {"pk": remark.pk}
    sheets = {
        "ding-enze": (cast.ding, of_enze),
        "ding-body": (cast.ding, of_body),
        "shen-enze": (cast.shen, of_enze),
        "gu-enze": (cast.gu, of_enze),
        "gu-body": (cast.gu, of_body),
        "lu-enze": (cast.lu, of_enze),
    }
    for key, (reviewer, proposal) in sheets.items():
        yield f"sheet-{key}", {"pk": assignment_of(reviewer, proposal).pk}
    Membership.objects.create(
        user=cast.gu,
        organisation=cast.organisations["enze"],
        ended_at=timezone.now() - timedelta(days=30),
        started_at=timezone.now() - timedelta(days=90),
    )
    pdf = SimpleUploadedFile("章程.pdf", MINIMAL_PDF, "application/pdf")
    file = ProposalFile.objects.create(
        proposal=of_enze,
        attachment=store_pdf(pdf, acting_user=cast.en),
        kind=ProposalFile.Kind.SIGNATURE,
        added_by=cast.en,
    )
    for key in ("ding", "gu", "lu"):
        sheet = assignment_of(cast.people[key], of_enze)
        yield f"sheet-{key}-enze-file", {"pk": sheet.pk, "file": file.pk}
    yield from _proposal("enze-review", of_enze)
    yield "review-ding-enze", {"code": round.code, "pk": handed_in.pk}
    assignment = assignment_of(cast.shen, of_body)
    yield "assignment-shen-body", {"code": round.code, "pk": assignment.pk}
    yield "member-shen", {"code": round.code, "pk": assignment.member_id}
    yield "sheets-enze", {"code": round.code, "number": of_enze.code}


def _decisions(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    """City rounds from the closed panel (陆总干事, 钱老师) to the announcement."""
    applicants = [
        cast.organisations["enze"],
        make_body("示范便民队", host=cast.organisations["shelifang"]),
    ]
    panel = [cast.lu, cast.qian]
    common = {"operator": cast.organisations["shelifang"]}
    scored = make_scored_round(cast.fan, panel, applicants, **common)
    yield "round-scored", {"code": scored.code}
    best = scored.proposals.order_by("code").first()
    assert best is not None, "the round has two"
    yield "sheets-scored", {"code": scored.code, "number": best.code}
    decided = make_decided_round(cast.fan, panel, applicants, **common)
    minutes = decided.resolutions.get().minutes
    minutes.file.storage.save(minutes.file.name, ContentFile(MINIMAL_PDF))
    yield "round-decided", {"code": decided.code}
    yield "enze-decided", {"code": decided.proposals.get(applicant=applicants[0]).code}

    noticed = make_decided_round(cast.fan, panel, applicants, **common)
    notice = _noticed(noticed, cast)
    yield "round-noticed", {"code": noticed.code}
    yield "enze-noticed", {"code": noticed.proposals.get(applicant=applicants[0]).code}
    yield "notice-open", {"code": notice.code}
    yield from _after_the_notice(cast, scored, decided, notice)
    over = _run_out(make_decided_round(cast.fan, panel, applicants, **common), cast)
    yield "notice-over", {"code": over.code}
    done = _run_out(make_decided_round(cast.fan, panel, applicants, **common), cast)
    conclude_notice(done, acting_user=cast.fan)
    yield "notice-concluded", {"code": done.code}
    yield "announcement", {"code": done.code, "number": 1}
    yield "round-concluded", {"code": done.round.code}


def _after_the_notice(
    cast: Cast, scored: Round, decided: Round, notice: PublicNotice
) -> Iterator[tuple[str, dict[str, Any]]]:
    """潘队长's group objects under its stamp; 范科长 proposes to depart from a list."""
    objection = file_objection(
        notice,
        Objecting(
            facts="活动没有办过",
            phone="10012345678",
            organisation=cast.organisations["banrixian"],
            evidence=SimpleUploadedFile("盖章件.pdf", MINIMAL_PDF, "application/pdf"),
        ),
        acting_user=cast.pan,
    )
    yield "objection-pan", {"pk": objection.pk}
    best = scored.proposals.order_by("code").first()
    override = Override.objects.create(
        round=scored, proposal=best, outcome="reserve", reason="重复", proposed_by=cast.fan
    )
    for verb in ("agree", "nonsense"):
        yield f"override-{verb}", {"code": scored.code, "pk": override.pk, "verb": verb}
    yield "dossier-meeting", {"code": decided.code, "occasion": "meeting"}
    noticed = notice.round.proposals.get(applicant=cast.organisations["enze"])
    yield "revision-absent", {"code": noticed.code, "pk": 0, "verb": "confirm"}


def _noticed(round: Round, cast: Cast) -> PublicNotice:
    terms = usual_terms_of(round, timezone.localdate())
    return publish_notice(round, terms=terms, acting_user=cast.fan)


def _run_out(round: Round, cast: Cast) -> PublicNotice:
    """A notice whose days are over. Its words can never be changed, so they are set beforehand."""
    with pytest.MonkeyPatch.context() as patch:
        over = timezone.now() - timedelta(minutes=1)
        patch.setattr(notices, "closing_instant_of", lambda last_day: over)
        return _noticed(round, cast)


def _forms(cast: Cast) -> dict[str, dict[str, Any]]:
    """What a person who fills a form in well sends."""
    today = timezone.localdate()
    reason = {"reason": "与登记表核对后写明的理由"}
    return {
        "reason": reason,
        "csv": {"format": "csv"},
        "role_of_anan": {"role": cast.anan.roles.get().pk},
        "person_anan": {"person": cast.anan.pk},
        "profile": {"display_name": "新的称呼"},
        "allow": {"allow": "yes"},
        "contact": {"contact_name": "恩老师", "contact_phone": "10012345678"},
        "correction": {"name": "半日闲分队", "filing_number": "备-硖石-演示-008"},
        "member_unknown": {"contact": "13900000001", "duty": Membership.Duty.MEMBER},
        "identity": {
            "real_name": "安静",
            "id_number": "11010519491231002X",  # the example of GB 11643-1999
            "method": "document",
            "has_agreed": "on",
        },
        "host": {"host": cast.organisations["shelifang"].pk},
        "notice": {"ends_on": today + timedelta(days=60), "reason": "业务调整"},
        "coach": {
            "contact": "13900000000",
            "region": Region.objects.get(code=XIASHI).pk,
            "starts_on": today,
            "reason": "聘请",
        },
        "list": {"list": "yes"},
        "station": {"name": "东山新站", "address": "一楼"},
        "station_of_xiashi": {
            "name": "东山新站",
            "address": "一楼",
            "region": Region.objects.get(code=XIASHI).pk,
            "serves_now": "no",
        },
        "arrangement": {"document_number": "国办发明电〔2026〕9号"},
        "days": {"first": "2027-02-05", "last": "2027-02-11", "name": "春节", "is_working": "no"},
        "word": {"chinese": "陪诊", "english": "Company to the doctor"},
        "stars": {"stars": "5", "heard": "call_back", "word": "打电话问过，来过"},
        "asked": {"word": "打电话问过，来过"},
        "uphold": reason | {"minutes": 30},
        "stop": reason | {"cause": "other"},
        "extension": reason
        | {"closes_at": (timezone.localtime() + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")},
        "for_banrixian": {"organisation": cast.organisations["banrixian"].pk},
        "revision": {"revision": 0},
        "older_page": {"revision": 7, "fields": "title", "title": "楼道里的茶"},
        "completion": reason
        | {"marked_fields": ["budget"], "complete_on": today + timedelta(days=5)},
        "remark": {"text": "预算偏高", "audience": "reviewers"},
        "recusal": {"ground": Recusal.Ground.values[0], "words": "曾共事"},
    }
