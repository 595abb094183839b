"""The addresses of statements, books, corrections and openings, all under /time/."""

from django.urls import URLPattern, path

from timebank.views import (
    adjustments,
    books,
    clearing,
    limits,
    openings,
    points,
    statements,
    verify,
)

statements_urls: list[URLPattern] = [
    path("time/statement/", statements.statement, name="statement"),
    path("time/passbook/", statements.passbook, name="passbook"),
    path("time/accounts/", books.account_list, name="account-list"),
    path("time/accounts/<int:pk>/", statements.account, name="account-detail"),
    path("time/accounts/<int:pk>/passbook.pdf", statements.passbook_pdf, name="passbook-pdf"),
    path(
        "time/accounts/<int:pk>/export/<slug:format>/",
        statements.statement_export,
        name="statement-export",
    ),
    path("time/accounts/<int:pk>/export/", statements.export_new, name="export-new"),
    path("time/exports/<int:pk>/", statements.export_detail, name="export-detail"),
    path("time/exports/<int:pk>/file/", statements.export_file, name="export-file"),
]

books_urls: list[URLPattern] = [
    path("time/books/", books.book_list, name="book-list"),
    path("time/crossings/new/", clearing.crossing_new, name="crossing-new"),
    path("time/positions/", books.position_list, name="position-list"),
    path("time/positions/<slug:format>/", books.position_export, name="position-export"),
    path("time/books/<int:pk>/", books.book_detail, name="book-detail"),
    path("time/books/<int:pk>/trial/", books.book_trial, name="book-trial"),
    path("time/books/<int:pk>/limits/", limits.limit_list, name="limit-list"),
    path("time/books/<int:pk>/<slug:what>/<slug:format>/", books.book_export, name="book-export"),
    path("time/books/<int:pk>/export/", books.book_export_new, name="book-export-new"),
    path("time/books/<int:pk>/sealed.jsonl", books.book_sealed, name="book-sealed"),
    path("time/transfers/<int:pk>/", books.transfer_detail, name="transfer-detail"),
]

corrections_urls: list[URLPattern] = [
    path("time/corrections/", adjustments.correction_list, name="correction-list"),
    path("time/corrections/<int:pk>/", adjustments.correction_detail, name="correction-detail"),
    path(
        "time/corrections/<int:pk>/evidence/",
        adjustments.correction_evidence,
        name="correction-evidence",
    ),
    path(
        "time/corrections/<int:pk>/<slug:verb>/",
        adjustments.correction_decide,
        name="correction-decide",
    ),
    path("time/transfers/<int:pk>/reverse/", adjustments.reversal_new, name="reversal-new"),
    path("time/accounts/<int:pk>/adjust/", adjustments.adjustment_new, name="adjustment-new"),
    path(
        "time/accounts/<int:pk>/standing/<slug:verb>/",
        adjustments.account_standing,
        name="account-standing",
    ),
]

openings_urls: list[URLPattern] = [
    path("time/openings/", openings.opening_list, name="opening-list"),
    path("time/openings/openings.csv", openings.opening_template, name="opening-template"),
    path("time/banks/<int:pk>/openings/new/", openings.opening_new, name="opening-new"),
    path("time/banks/<int:pk>/openings/", openings.opening_propose, name="opening-propose"),
    path("time/openings/<int:pk>/", openings.opening_detail, name="opening-detail"),
    path("time/openings/<int:pk>/<slug:verb>/", openings.opening_decide, name="opening-decide"),
]

points_urls: list[URLPattern] = [
    path("time/points/", points.my_points, name="points"),
    path("time/points/grants/", points.grant_list, name="point-grant-list"),
    path("time/banks/<int:pk>/points/new/", points.grant_new, name="point-grant-new"),
    path("time/points/grants/<int:pk>/", points.grant_detail, name="point-grant-detail"),
    path(
        "time/points/grants/<int:pk>/<slug:verb>/", points.grant_decide, name="point-grant-decide"
    ),
]

verify_urls: list[URLPattern] = [
    path("verify/", verify.heads, name="verify"),
    path("verify/heads.json", verify.heads_json, name="verify-heads"),
    path("verify/verify_book.py", verify.verifier, name="verify-program"),
]

urlpatterns: list[URLPattern] = [
    *statements_urls,
    *books_urls,
    *corrections_urls,
    *openings_urls,
    *points_urls,
    *verify_urls,
]
