"""Reviews, decisions, notices and what follows them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import (
    Membership,
    Region,
)
from accounts.services.attachments import store_pdf
from config.demo.cast import XUCUN, Cast
from tests.factories.ventures_award_wishes import correct_at_once
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
from tests.scene.calls import MINIMAL_PDF, of_proposal
from ventures.models import (
    Award,
    AwardWish,
    Override,
    Proposal,
    ProposalFile,
    PublicNotice,
    Remark,
    RemarkText,
    ReviewPack,
    Round,
)
from ventures.selectors.notices import usual_terms_of
from ventures.services import notices
from ventures.services.award_corrections import RightAmount
from ventures.services.notices import conclude_notice, publish_notice
from ventures.services.objections import Objecting, file_objection
from ventures.services.reissues import withdraw_notice


def reviews_of_the_scene(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
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
    yield from of_proposal("enze-review", of_enze)
    yield "review-ding-enze", {"code": round.code, "pk": handed_in.pk}
    assignment = assignment_of(cast.shen, of_body)
    yield "assignment-shen-body", {"code": round.code, "pk": assignment.pk}
    yield "member-shen", {"code": round.code, "pk": assignment.member_id}
    yield "sheets-enze", {"code": round.code, "number": of_enze.code}


def decisions_of_the_scene(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
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
    void = _noticed(make_decided_round(cast.fan, panel, applicants, **common), cast)
    withdraw_notice(void, reason="联系电话写错了", acting_user=cast.fan)
    yield "notice-withdrawn", {"code": void.code}
    yield "round-withdrawn", {"code": void.round.code}
    yield from _put_right(cast, void.round, void.round.proposals.get(applicant=applicants[0]))
    yield "round-concluded", {"code": done.round.code}
    yield from _wished(cast, make_decided_round(cast.fan, panel, applicants, **common))
    yield "enze-awarded", {"code": done.round.proposals.get(applicant=applicants[0]).code}


def _put_right(cast: Cast, round: Round, awarded: Proposal) -> Iterator[tuple[str, dict[str, Any]]]:
    """恩泽社's amount was recorded as 5,000.00 and is 4,950.00 in the minutes."""
    paper = SimpleUploadedFile("会议纪要.pdf", MINIMAL_PDF, "application/pdf")
    right = RightAmount(495_000, "录入时看错一行", paper, seen_fen=500_000)
    correction = correct_at_once(awarded, right, cast.fan)
    yield "enze-withdrawn", {"code": awarded.code}
    yield "correction-enze", {"code": awarded.code, "number": correction.number}
    yield "award-wish-minutes", {"code": round.code, "pk": correction.wish_id}


def _wished(cast: Cast, round: Round) -> Iterator[tuple[str, dict[str, Any]]]:
    """范科长 proposes to cancel an award; it waits for her colleague."""
    award = Award.objects.filter(proposal__round=round).earliest("pk")
    wish = AwardWish.objects.create(
        award=award, kind="cancel", seen_fen=award.amount_fen, reason="没有来签协议",
        proposed_by=cast.fan,
    )  # fmt: skip
    for verb in ("agree", "take_back", "fall_away"):
        yield f"award-wish-{verb}", {"code": round.code, "pk": wish.pk, "verb": verb}


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
