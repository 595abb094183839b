"""The addresses of presence: codes, badges, who came, sheets of paper, service cards."""

from django.urls import URLPattern, path

from timebank.views import check_ins, presence, scanner, service_cards, sheets

urlpatterns: list[URLPattern] = [
    # For volunteers
    path("time/check-in/<int:pk>/", check_ins.digits, name="check-in-digits"),
    path("time/check-in/<int:pk>/<slug:token>/", check_ins.scanned, name="check-in"),
    path("time/badge/", check_ins.own_badge, name="badge-own"),
    path("time/badge/replace/", check_ins.badge_replace, name="badge-replace"),
    path("time/presence/<int:pk>/", presence.attendance_detail, name="attendance-detail"),
    path("time/presence/<int:pk>/contest/", presence.attendance_contest, name="attendance-contest"),
    # For those who run a shift
    path("time/presence/<int:pk>/answer/", presence.attendance_answer, name="attendance-answer"),
    path("time/badge/<slug:token>/", check_ins.badge_scanned, name="badge-scanned"),
    path("time/shifts/<int:pk>/presence/", presence.desk, name="presence-desk"),
    path("time/shifts/<int:pk>/presence/confirm/", presence.confirm_all, name="presence-confirm"),
    path("time/shifts/<int:pk>/screen/", presence.screen, name="presence-screen"),
    path("time/shifts/<int:pk>/code/", presence.code, name="presence-code"),
    path("time/shifts/<int:pk>/point/", presence.point, name="presence-point"),
    path("time/signups/<int:pk>/presence/", presence.seat, name="presence-seat"),
    # Badges scanned where there is no network
    path("time/scanner/worker.js", scanner.worker, name="scanner-worker"),
    path("time/scanner/<int:pk>/", scanner.scanner, name="scanner"),
    path("time/scanner/<int:pk>/scans/", scanner.scans, name="scanner-scans"),
    path("time/scans/<int:pk>/", scanner.scan_detail, name="scan-detail"),
    # Sheets of paper
    path("time/shifts/<int:pk>/sheet.pdf", sheets.paper, name="sheet-paper"),
    path("time/shifts/<int:pk>/sheet/", sheets.sheet_new, name="sheet-new"),
    path("time/sheets/<int:pk>/", sheets.sheet_detail, name="sheet-detail"),
    path("time/sheets/<int:pk>/compare/", sheets.sheet_compare, name="sheet-compare"),
    path("time/sheets/<int:pk>/scans/<uuid:token>/", sheets.sheet_scan, name="sheet-scan"),
    # Service cards
    path("time/recipients/<int:pk>/card/", service_cards.card_make, name="card-make"),
    path("time/recipients/<int:pk>/card.pdf", service_cards.card_paper, name="card-paper"),
    path("time/recipients/<int:pk>/number/", service_cards.number_check, name="number-check"),
    path("time/card/<slug:token>/", service_cards.card_scanned, name="card-scanned"),
]
