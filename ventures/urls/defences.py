"""Addresses of what counts besides the sheets: defence, public vote, pledges, their sum."""

from django.urls import URLPattern, path

from ventures.views import bonuses, composites, defences, halls, pledges, votes

urlpatterns: list[URLPattern] = [
    path("rounds/<slug:code>/composite/", composites.composite, name="composite"),
    path("rounds/<slug:code>/composite/rules/", composites.terms, name="composite-terms"),
    path("rounds/<slug:code>/bonuses/", bonuses.bonuses, name="bonuses"),
    path("rounds/<slug:code>/bonuses/<int:pk>/<slug:verb>/", bonuses.step, name="bonus-step"),
    # The session and its lot
    path("rounds/<slug:code>/defence/", defences.desk, name="defence-desk"),
    path("rounds/<slug:code>/defence/seal/", defences.seal, name="defence-seal"),
    path("rounds/<slug:code>/defence/draw/", defences.draw, name="defence-draw"),
    path("rounds/<slug:code>/defence/void/", defences.void, name="defence-void"),
    path("rounds/<slug:code>/defence/tell/", defences.tell, name="defence-tell"),
    path("rounds/<slug:code>/defence/order.pdf", defences.order_sheet, name="defence-order"),
    path("rounds/<slug:code>/defence/lot/", defences.lot, name="defence-lot"),
    path("rounds/<slug:code>/defence/lot.json", defences.lot_file, name="defence-lot-file"),
    path("rounds/<slug:code>/defence/<int:pk>/move/", defences.move, name="defence-move"),
    path("proposals/<slug:code>/defence/", defences.turn, name="defence-turn"),
    path("proposals/<slug:code>/defence.ics", defences.turn_ics, name="defence-turn-ics"),
    # The hall
    path("rounds/<slug:code>/defence/screen/", halls.screen, name="defence-screen"),
    path("rounds/<slug:code>/defence/state.json", halls.state, name="defence-state"),
    path("rounds/<slug:code>/defence/<int:pk>/reveal/", halls.reveal, name="defence-reveal"),
    path("rounds/<slug:code>/defence/<int:pk>/<slug:verb>/", halls.step, name="defence-step"),
    path("reviews/hall/<slug:code>/", halls.hall, name="hall"),
    path("reviews/hall/<slug:code>/<int:pk>/", halls.hall_sheet, name="hall-sheet"),
    # The public vote
    path("rounds/<slug:code>/vote/", votes.public_vote, name="public-vote"),
    path("rounds/<slug:code>/vote/cast/", votes.cast, name="vote-cast"),
    path("rounds/<slug:code>/vote/days/", votes.office, name="vote-office"),
    path("rounds/<slug:code>/vote/count/", votes.count, name="vote-count"),
    # Pledges
    path("rounds/<slug:code>/pledges/", pledges.of_round, name="round-pledges"),
    path("rounds/<slug:code>/pledges/<int:pk>/confirm/", pledges.confirm, name="pledge-confirm"),
    path("rounds/<slug:code>/pledges/<int:pk>/refuse/", pledges.refuse, name="pledge-refuse"),
    path("proposals/<slug:code>/pledges/", pledges.of_proposal, name="proposal-pledges"),
    path(
        "proposals/<slug:code>/pledges/<int:pk>/withdraw/",
        pledges.withdraw,
        name="pledge-withdraw",
    ),
    path(
        "proposals/<slug:code>/pledges/<int:pk>/evidence/",
        pledges.evidence,
        name="pledge-evidence",
    ),
]
