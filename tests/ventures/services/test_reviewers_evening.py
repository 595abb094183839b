"""A reviewer's evening: what a sheet adds up to, its history, stale saves, the list, the pack."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Message
from tests.factories.ventures_awards import (
    assignment_of,
    draft,
    filled,
    hand_in,
    make_body,
    make_panel,
    make_round_in_review,
    proposals_of,
)
from tests.plugins.relay import laid_again
from ventures.errors.reviews import PackEmpty, PackOutdated, ReviewOvertaken
from ventures.models import Panel, PanelMember, ReviewPack, Track
from ventures.selectors.rankings import ranking_of
from ventures.selectors.review_queues import Narrowing, evening_of
from ventures.selectors.sheet_gaps import missing_of
from ventures.selectors.sheet_versions import kept_sheets_of
from ventures.services.assignments import declare_recusal
from ventures.services.review_packs import ask_for_pack, make_pack, require_current
from ventures.services.review_reminders import remind_before_close, switch_reminders
from ventures.services.reviews import (
    abstain,
    give_back_review,
    open_sheet,
    save_review,
    submit_review,
)
from ventures.services.sheet_contents import ItemContent, total_halves_of

pytestmark = pytest.mark.django_db


@pytest.fixture
@laid_again
def round(cast):
    return make_round_in_review(cast.fan, [make_body("甲队"), make_body("乙队"), make_body("丙队")])


@pytest.fixture
@laid_again
def panel(round, cast):
    return make_panel(round, [cast.ding, cast.shen], officer=cast.fan)


def test_a_sheet_adds_up_as_the_ranking_does(round, panel, cast):
    """30 × 17.5/30 + 70 × 30/30, one item beside the total, one for another group only."""
    first, second = proposals_of(round)[:2]
    needs, works, people, money = round.rubric.criteria.all()
    other = Track.objects.exclude(pk=first.track_id).first()
    for one, fields in (
        (needs, {"weight_percent": 30}),
        (works, {"weight_percent": 70, "needs_words": True}),
        (people, {"is_outside_total": True}),
        (money, {"only_tracks": [other.code], "weight_percent": None}),
    ):
        type(one).objects.filter(pk=one.pk).update(**fields)
    items = (
        ItemContent(needs.pk, 35, "走访少"),
        ItemContent(works.pk, 60),
        ItemContent(people.pk, 10, "一人兼两职"),
    )

    review = draft(cast.ding, proposals_of(round)[0], 0, items=items)

    # 17.5 of 30 is 17.5 of the hundred; the item beside the total adds nothing, nor does another
    # group's, which is not missing either.
    assert missing_of(review) == ["“办得成”要写理由，不论得几分"]
    save_review(
        review,
        filled(first, 0, items=(items[0], ItemContent(works.pk, 59, "分工清楚"), items[2])),
        acting_user=cast.ding,
    )
    submit_review(review, acting_user=cast.ding)
    total = 35 + 59 * 70 * 2 / 60
    assert float(total_halves_of(review)) == pytest.approx(total)
    assert review.versions.get().total_hundredths == 86_33
    assert ranking_of(round).rows[0].standing.score_hundredths == 86_33
    assert str(second.track) == str(first.track)


def test_every_save_is_kept_and_a_stale_one_refused_without_loss(panel, round, cast, client):
    proposal = proposals_of(round)[0]
    review = open_sheet(assignment_of(cast.ding, proposal), acting_user=cast.ding)
    save_review(review, filled(proposal, 80), revision=0, keeps=True, acting_user=cast.ding)

    # The same words again, from the page whose answer got lost: one save, one version.
    save_review(review, filled(proposal, 80), revision=0, keeps=True, acting_user=cast.ding)
    review.refresh_from_db()
    assert (review.revision, review.versions.count()) == (1, 1)

    # Other words from that old page are refused, with what stands.
    with pytest.raises(ReviewOvertaken) as refusal:
        save_review(review, filled(proposal, 60), revision=0, acting_user=cast.ding)
    assert refusal.value.facts["revision"] == 1
    assert refusal.value.facts["fields"]["comment"] == "需求真实，做法清楚。"

    # As a plain form: nothing is written, both texts stand on the page, the next try takes hers.
    client.force_login(cast.ding)
    url = reverse("ventures:review-sheet", args=[review.assignment.pk])
    typed = {"comment": "在手机上写的", "revision": "0", "intent": "save"}
    answer = client.post(url, typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "在手机上写的" in page
    assert "需求真实，做法清楚。" in page
    assert 'name="revision" value="1"' in page
    review.refresh_from_db()
    assert review.comment == "需求真实，做法清楚。"
    assert client.post(url, typed | {"revision": "1"}).status_code == 302
    review.refresh_from_db()
    assert (review.comment, review.revision) == ("在手机上写的", 2)

    # Abstaining is kept as well, and never a zero in the ranking.
    abstain(review, reason="临时有事", acting_user=cast.ding)
    kinds = [version.kind for version in review.versions.all()]
    assert kinds == ["saved", "saved", "abstained"]
    assert ranking_of(round).rows[0].standing.score_hundredths is None
    history = client.get(reverse("ventures:review-history", args=[review.assignment.pk]))
    assert history.content.decode().count("review-other") == 3


def test_the_office_reads_what_was_handed_in_before_and_what_changed(panel, round, cast, client):
    proposal = proposals_of(round)[0]
    review = draft(cast.ding, proposal, 61)
    save_review(review, filled(proposal, 70), keeps=True, acting_user=cast.ding)  # hers alone
    submit_review(review, acting_user=cast.ding)
    review.refresh_from_db()
    give_back_review(review, reason="预算写错行", acting_user=cast.fan)
    save_review(review, filled(proposal, 82, comment="需求真实，要减茶点。"), acting_user=cast.ding)
    submit_review(review, acting_user=cast.ding)
    url = reverse("ventures:review-versions", args=[round.code, review.pk])

    kept = kept_sheets_of(review)
    codes = {}
    for key in ("fan", "shu", "ding", "shen", "en"):
        client.force_login(getattr(cast, key))
        codes[key] = client.get(url).status_code

    latest, first = kept
    assert [first.version.total_hundredths, latest.version.total_hundredths] == [7000, 8200]
    assert (first.is_first, first.given_back, latest.given_back) == (True, "", "预算写错行")
    words = {line.label: line for line in latest.lines}["评审意见"]
    assert ("new", "要减茶点") in [(one.kind, one.words) for one in words.pieces]
    assert codes == {"fan": 200, "shu": 200, "ding": 403, "shen": 403, "en": 403}
    client.force_login(cast.fan)
    page = client.get(url).content.decode()
    assert "<ins>要减茶点</ins>" in page
    sheets = reverse("ventures:proposal-sheets", args=[round.code, proposal.code])
    assert url in client.get(sheets).content.decode()


def test_the_list_runs_over_all_rounds_and_counts_only_her_own_stepping_aside(panel, round, cast):
    other = make_round_in_review(cast.fan, [make_body("丁队")])
    make_panel(other, [cast.ding], officer=cast.fan)
    first, second, third = proposals_of(round)
    (fourth,) = proposals_of(other)
    hand_in(cast.ding, first, 80)
    declare_recusal(assignment_of(cast.ding, third), ground="interest", acting_user=cast.ding)

    evening = evening_of(cast.ding)
    narrowed = evening_of(cast.ding, Narrowing(state="todo"))

    assert (evening.done, evening.left, evening.recused) == (1, 2, 1)
    here = assignment_of(cast.ding, second).pk
    assert {line.assignment.proposal for line in evening.lines} == {first, second, fourth}
    assert evening.next_waiting(here).assignment.proposal == fourth
    around = [narrowed.before(here), narrowed.after(here)]
    assert fourth in [one.assignment.proposal for one in around if one]
    assert first not in [one.assignment.proposal for one in around if one]


def test_side_by_side_shows_her_own_only(client, panel, round, cast):
    first, second, third = proposals_of(round)
    hand_in(cast.ding, first, 82.5)
    hand_in(cast.shen, second, 77.5)
    declare_recusal(assignment_of(cast.ding, third), ground="interest", acting_user=cast.ding)
    client.force_login(cast.ding)
    mine = [assignment_of(cast.ding, one).pk for one in (first, second, third)]
    hers = assignment_of(cast.shen, second).pk

    page = client.get(reverse("ventures:review-compare"), {"a": [*mine, hers, "x", "9" * 30]})
    text = page.content.decode()

    assert "82.5" in text
    assert "77.5" not in text
    assert "丙队" not in text
    assert text.count('data-count="2"') == 1


def test_the_pack_holds_what_she_may_read_and_nothing_else(panel, round, cast):
    with pytest.raises(PackEmpty):
        ask_for_pack(acting_user=cast.lu)
    pack = ask_for_pack(acting_user=cast.ding)
    assert ask_for_pack(acting_user=cast.ding) == pack

    made = make_pack(make_pack(pack.pk).pk)

    pdf = PdfReader(BytesIO(made.file.read()))
    assert (made.state, made.done, made.total) == (ReviewPack.State.READY, 3, 3)
    assert len(pdf.outline) == 3
    text = "".join(page.extract_text() for page in pdf.pages)
    assert "甲队" in text
    assert "10012345678" not in text
    assert "评委签名" in text.replace(" ", "")
    assert Message.objects.filter(kind="ventures.review_pack_ready").count() == 1
    require_current(made, acting_user=cast.ding)

    third = proposals_of(round)[2]
    declare_recusal(assignment_of(cast.ding, third), ground="interest", acting_user=cast.ding)
    with pytest.raises(PackOutdated):
        require_current(made, acting_user=cast.ding)


def test_reviewers_are_told_what_is_left_before_the_close_unless_they_do_not_wish(
    panel, round, cast
):
    Panel.objects.filter(pk=panel.pk).update(due_at=timezone.now() + timedelta(hours=80))
    assert remind_before_close() == 0
    Panel.objects.filter(pk=panel.pk).update(due_at=timezone.now() + timedelta(hours=70))
    hand_in(cast.ding, proposals_of(round)[0], 80)
    quiet = PanelMember.objects.get(panel=panel, reviewer=cast.shen)
    switch_reminders(quiet, wants=False, acting_user=cast.shen)

    assert remind_before_close() == 1
    remind_before_close()

    (message,) = Message.objects.filter(kind="ventures.review_due_soon")
    assert message.to_user == cast.ding
    assert message.title.startswith("还有 2 份没评")
    Panel.objects.filter(pk=panel.pk).update(due_at=timezone.now() + timedelta(hours=20))
    remind_before_close()
    assert Message.objects.filter(kind="ventures.review_due_soon").count() == 2
