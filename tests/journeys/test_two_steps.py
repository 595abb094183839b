"""Two steps: the concept on a phone, without a budget; the office selects; the full proposal comes
in the end by an extension that two tabs use at once. And an idea, which never has a budget.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from config.demo.cast import Cast, bring_in_cast
from tests.cast import make_places
from tests.factories.ventures import make_proposal, make_round
from tests.journeys.test_file_proposal import PASTED, OpenPage, begin, paste, saved
from tests.plugins.browser import DESKTOP, PHONE, seen
from ventures.models import Proposal, Round
from ventures.rules.form_contents import OFF, REQUIRED, Terms
from ventures.services.extensions import give_extension
from ventures.services.round_forms import freeze_form, set_built_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


@pytest.fixture
def story(transactional_db: None) -> tuple[Cast, Round]:
    make_places()
    cast = bring_in_cast()
    round = make_round(
        created_by=cast.fan,
        state=Round.State.DRAFT,
        full_closes_at=timezone.now() + timedelta(days=30),
    )
    built_in = {"budget": Terms(REQUIRED, REQUIRED, concept=OFF)}
    set_built_in(round, built_in, acting_user=cast.fan)
    freeze_form(round, acting_user=cast.fan)
    Round.objects.filter(pk=round.pk).update(state=Round.State.OPEN, published_at=timezone.now())
    return cast, Round.objects.get(pk=round.pk)


def written(proposal: Proposal, cast: Cast) -> None:
    """The rest of the one-page form, as another proposal has it."""
    other = make_proposal(
        proposal.round, cast.organisations["banrixian"], created_by=cast.pan, budget=False
    )
    names = ("track", "kind", "need_from", "plan", "schedule", "beneficiaries", "person_times")
    values = {name: getattr(other, name) for name in (*names, "safety")}
    Proposal.objects.filter(pk=proposal.pk).update(**values)
    proposal.communities.set(other.communities.all())
    other.communities.clear()
    other.delete()


def test_from_a_concept_to_an_extension_used_once(
    open_page: OpenPage, story: tuple[Cast, Round], console_errors: list[str]
):
    cast, round = story

    # The concept: one page without a budget, kept by itself.
    phone = open_page(PHONE, user=cast.enxiao)
    begin(phone, round)
    expect(phone.locator("[data-field='budget']")).to_have_count(0)
    phone.get_by_label("项目名称").fill("楼道里的热茶")
    saved(phone)
    proposal = Proposal.objects.get()
    assert proposal.title == "楼道里的热茶"
    seen(phone)
    written(proposal, cast)
    phone.reload()
    phone.get_by_role("button", name="检查并提交").click()
    phone.get_by_role("button", name="提交项目概要").click()
    expect(phone.get_by_role("heading", name="项目概要已提交")).to_be_visible()
    expect(phone.get_by_role("link", name="项目概要 PDF")).to_be_visible()
    seen(phone)

    # The office selects, and tells.
    now = timezone.now()
    Round.objects.filter(pk=round.pk).update(
        opens_at=now - timedelta(days=9), closes_at=now - timedelta(minutes=1)
    )
    desk = open_page(DESKTOP, user=cast.fan)
    desk.goto(f"/rounds/{round.code}/concepts/")
    desk.get_by_label("选“楼道里的热茶”").check()
    desk.get_by_label("入围", exact=True).check()
    desk.get_by_label("理由").fill("切题")
    seen(desk)
    desk.get_by_role("button", name="记下结论").click()
    desk.locator("summary", has_text="一起告知，进入完整申报").click()
    desk.locator("dialog[open]").get_by_role("button").first.click()
    expect(desk.get_by_text("已一起告知所有申报方")).to_be_visible()
    seen(desk)

    # The full proposal asks for the budget; the second close comes before it is in.
    phone.goto(f"/proposals/{proposal.code}/")
    expect(phone.get_by_text("概要已入围")).to_be_visible()
    seen(phone)
    phone.get_by_role("link", name="继续填写").click()
    paste(phone, PASTED, [])
    saved(phone)
    Round.objects.filter(pk=round.pk).update(full_closes_at=timezone.now())
    give_extension(
        Round.objects.get(pk=round.pk),
        cast.organisations["enze"],
        until=timezone.now() + timedelta(hours=1),
        reason="停电",
        acting_user=cast.fan,
    )

    # Two tabs hand it in: one does, the other is told so.
    first = open_page(DESKTOP, user=cast.en)
    second = first.context.new_page()
    for tab in (first, second):
        tab.goto(f"/proposals/{proposal.code}/preview/")
    first.get_by_role("button", name="提交申报书").click()
    expect(first.get_by_role("heading", name="申报书已提交")).to_be_visible()
    second.get_by_role("button", name="提交申报书").click()
    expect(second.get_by_text(re.compile("这次延期只能提交一次"))).to_be_visible()
    assert proposal.versions.count() == 2
    console_errors.clear()  # Chromium's own line about the answer 409


def test_an_idea_keeps_itself_without_a_budget(open_page: OpenPage, story: tuple[Cast, Round]):
    cast, _round = story
    ideas = make_round(created_by=cast.fan, purpose="prize", fund_fen=1_000_000, cap_fen=300_000)
    phone = open_page(PHONE, user=cast.enxiao)

    begin(phone, ideas)
    phone.get_by_label("项目名称").fill("旧校服变书包")
    saved(phone)

    assert Proposal.objects.get(round=ideas).title == "旧校服变书包"
    expect(phone.locator("[data-field='budget']")).to_have_count(0)
