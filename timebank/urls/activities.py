"""The addresses of activities, shifts, sign-ups and calendars."""

from django.urls import URLPattern, path

from timebank.views import (
    activities,
    activity_desk,
    calendars,
    qualifications,
    shift_desk,
    shifts,
)

urlpatterns: list[URLPattern] = [
    # For everyone
    path("time/activities/", activities.activity_list, name="activity-list"),
    path("time/activities/<int:pk>/", activities.activity_detail, name="activity-detail"),
    path("time/activities/<int:pk>/poster.pdf", activities.poster_pdf, name="activity-poster"),
    path(
        "time/activities/<int:pk>/poster.png", activities.poster_png, name="activity-poster-image"
    ),
    path("time/activities/<int:pk>/calendar.ics", calendars.of_activity, name="activity-calendar"),
    path("time/shifts/<int:pk>/", shifts.shift_detail, name="shift-detail"),
    path("time/calendar/<slug:token>.ics", calendars.feed, name="calendar-feed"),
    # For volunteers
    path("time/shifts/", shifts.own_list, name="shift-own-list"),
    path("time/shifts/<int:pk>/sign-up/", shifts.sign_up_page, name="shift-sign-up"),
    path("time/signups/<int:pk>/cancel/", shifts.signup_cancel, name="signup-cancel"),
    path("time/signups/<int:pk>/accept/", shifts.signup_accept, name="signup-accept"),
    path("time/signups/<int:pk>/swap/", shifts.swap_new, name="swap-new"),
    path("time/swaps/<int:pk>/<slug:verb>/", shifts.swap_act, name="swap-act"),
    path("time/calendar/", calendars.feed_page, name="calendar-feed-page"),
    path("time/calendar/revoke/", calendars.feed_revoke, name="calendar-feed-revoke"),
    # For those who organise
    path("time/activities/desk/", activity_desk.desk, name="activity-desk"),
    path("time/activities/new/", activity_desk.activity_new, name="activity-new"),
    path("time/activities/<int:pk>/edit/", activity_desk.activity_edit, name="activity-edit"),
    path("time/activities/<int:pk>/copy/", activity_desk.activity_copy, name="activity-copy"),
    path("time/activities/<int:pk>/cancel/", activity_desk.activity_cancel, name="activity-cancel"),
    path("time/activities/<int:pk>/shifts/new/", activity_desk.shift_new, name="shift-new"),
    path("time/shifts/<int:pk>/roster/", shift_desk.roster, name="shift-roster"),
    path("time/shifts/<int:pk>/edit/", shift_desk.shift_edit, name="shift-edit"),
    path("time/shifts/<int:pk>/cancel/", shift_desk.shift_cancel, name="shift-cancel"),
    path("time/shifts/<int:pk>/postpone/", shift_desk.shift_postpone, name="shift-postpone"),
    path("time/shifts/<int:pk>/names/", shift_desk.name_list, name="shift-names"),
    path("time/signups/<int:pk>/excuse/", shift_desk.signup_excuse, name="signup-excuse"),
    path("time/signups/<int:pk>/rate/", shift_desk.signup_rate, name="signup-rate"),
    path("time/papers/", qualifications.paper_list, name="paper-list"),
    path("time/papers/<int:pk>/", qualifications.paper_detail, name="paper-detail"),
    path(
        "time/papers/qualifications/<int:pk>/withdraw/",
        qualifications.paper_withdraw,
        name="paper-withdraw",
    ),
    path(
        "time/papers/<int:pk>/consent/withdraw/",
        qualifications.consent_withdraw,
        name="consent-withdraw",
    ),
    # Verbs last: they would swallow the words above
    path(
        "time/activities/<int:pk>/<slug:verb>/", activity_desk.activity_move, name="activity-move"
    ),
    path("time/shifts/<int:pk>/<slug:verb>/", shift_desk.shift_act, name="shift-act"),
]
