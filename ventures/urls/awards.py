"""Addresses of reviewing, deciding and public notice; `ventures.urls` includes them."""

from django.urls import URLPattern, path

from ventures.views import (
    award_walks,
    decisions,
    letters,
    notices,
    objections,
    panels,
    promotions,
    reissues,
    review_queue,
    reviews,
    statistics,
)

urlpatterns: list[URLPattern] = [
    # A reviewer's evening
    path("reviews/", review_queue.queue, name="review-queue"),
    path("reviews/compare/", review_queue.compare, name="review-compare"),
    path("reviews/pack/", review_queue.pack, name="review-pack"),
    path("reviews/pack/<int:pk>/", review_queue.pack_progress, name="review-pack-progress"),
    path("reviews/pack/<int:pk>.pdf", review_queue.pack_file, name="review-pack-file"),
    path("reviews/panels/<int:pk>/commitment/", review_queue.commitment, name="review-commitment"),
    path("reviews/panels/<int:pk>/reminders/", review_queue.reminders, name="review-reminders"),
    path("reviews/<int:pk>/", reviews.sheet, name="review-sheet"),
    path("reviews/<int:pk>/save/", reviews.save, name="review-save"),
    path("reviews/<int:pk>/recuse/", reviews.recuse, name="review-recuse"),
    path("reviews/<int:pk>/abstain/", reviews.abstain, name="review-abstain"),
    path("reviews/<int:pk>/history/", reviews.history, name="review-history"),
    path("reviews/<int:pk>/file/<int:file>/", reviews.proposal_file, name="review-file"),
    path("reviews/<int:pk>.pdf", reviews.sheet_pdf, name="review-pdf"),
    # The round's desk
    path("rounds/<slug:code>/board/", panels.board, name="round-board"),
    path("rounds/<slug:code>/panel/", panels.panel, name="round-panel"),
    path("rounds/<slug:code>/panel/remind/", panels.remind, name="panel-remind"),
    path("rounds/<slug:code>/panel/close/", panels.close, name="panel-close"),
    path("rounds/<slug:code>/panel/reopen/", panels.reopen, name="panel-reopen"),
    path(
        "rounds/<slug:code>/panel/sheets/<int:pk>/give-back/",
        panels.give_back,
        name="review-give-back",
    ),
    path(
        "rounds/<slug:code>/panel/sheets/<int:pk>/versions/",
        panels.sheet_versions,
        name="review-versions",
    ),
    path(
        "rounds/<slug:code>/panel/assignments/<int:pk>/remove/",
        panels.remove,
        name="assignment-remove",
    ),
    path("rounds/<slug:code>/ranking/", panels.ranking, name="round-ranking"),
    path("rounds/<slug:code>/statistics/", statistics.statistics, name="round-statistics"),
    path("rounds/<slug:code>/ranking.pdf", panels.ranking_pdf, name="ranking-pdf"),
    path("rounds/<slug:code>/ranking.csv", panels.ranking_csv, name="ranking-csv"),
    path("rounds/<slug:code>/ranking/print/", panels.ranking_print, name="ranking-print"),
    path(
        "rounds/<slug:code>/ranking/<slug:number>/",
        panels.sheets_of_proposal,
        name="proposal-sheets",
    ),
    # The list by the round's rules
    path("rounds/<slug:code>/rules/", award_walks.terms, name="award-terms"),
    path("rounds/<slug:code>/walk/", award_walks.walk, name="award-walk"),
    path(
        "rounds/<slug:code>/walk/<slug:number>/override/",
        award_walks.override,
        name="award-override",
    ),
    path(
        "rounds/<slug:code>/overrides/<int:pk>/<slug:verb>/",
        award_walks.override_step,
        name="award-override-step",
    ),
    # The meeting
    path("rounds/<slug:code>/decisions/", decisions.prepare, name="round-decisions"),
    path("rounds/<slug:code>/resolution/", decisions.resolution, name="round-resolution"),
    path("rounds/<slug:code>/resolution/minutes/", decisions.minutes, name="resolution-minutes"),
    path("rounds/<slug:code>/promotion/", promotions.promote, name="round-promotion"),
    path("proposals/<slug:code>/outcome/", decisions.outcome, name="proposal-outcome"),
    path("proposals/<slug:code>/revision/", letters.revision, name="proposal-revision"),
    path("proposals/<slug:code>/revision/day/", letters.revision_day, name="proposal-revision-day"),
    path(
        "proposals/<slug:code>/revision/<int:pk>/<slug:verb>/",
        letters.revision_step,
        name="proposal-revision-step",
    ),
    path("rounds/<slug:code>/dossier/", letters.dossiers, name="round-dossiers"),
    path(
        "rounds/<slug:code>/dossier/<slug:occasion>.json",
        letters.dossier_json,
        name="round-dossier-json",
    ),
    # Public notice
    path("rounds/<slug:code>/letters/", letters.letters, name="round-letters"),
    path("notices/<slug:code>/objection/", objections.file, name="objection-file"),
    path("objections/", objections.objection_list, name="objection-list"),
    path("objections/<int:pk>/", objections.objection, name="objection"),
    path("objections/<int:pk>/answer/", objections.answer, name="objection-answer"),
    path("objections/<int:pk>/take-back/", objections.take_back, name="objection-take-back"),
    path("objections/<int:pk>/evidence/", objections.evidence, name="objection-evidence"),
    path("rounds/<slug:code>/notice/", notices.publish, name="notice-publish"),
    path("notices/", notices.notice_list, name="notice-list"),
    path("notices/<slug:code>/", notices.notice, name="notice"),
    path("notices/<slug:code>.pdf", notices.notice_pdf, name="notice-pdf"),
    path("notices/<slug:code>.json", notices.notice_json, name="notice-json"),
    path(
        "notices/<slug:code>/announcements/<int:number>.pdf",
        notices.announcement_pdf,
        name="announcement-pdf",
    ),
    path("notices/<slug:code>/conclude/", notices.conclude, name="notice-conclude"),
    path("notices/<slug:code>/withdraw/", reissues.withdraw, name="notice-withdraw"),
]
