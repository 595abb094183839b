"""The addresses of the accounts app."""

from django.urls import URLPattern, path

from accounts.views import (
    appointments,
    calendar,
    demo,
    hostings,
    invitations,
    me,
    messages,
    organisations,
    people,
    words,
)

app_name = "accounts"

urlpatterns: list[URLPattern] = [
    path("me/", me.me, name="me"),
    path("me/edit/", me.edit, name="me-edit"),
    path("me/consents/<slug:purpose>/", me.consent, name="consent"),
    path("me/messages/", messages.message_list, name="message-list"),
    path("me/messages/read/", messages.read_all, name="message-read-all"),
    path("me/messages/<int:pk>/", messages.message_detail, name="message-detail"),
    path("me/organisations/", organisations.own_list, name="organisation-own-list"),
    path("me/organisations/new/", organisations.register, name="organisation-register"),
    path(
        "me/organisations/new/registered/",
        organisations.register_body,
        name="organisation-register-body",
    ),
    path(
        "me/organisations/new/filed/",
        organisations.register_group,
        name="organisation-register-group",
    ),
    path("me/organisations/<int:pk>/", organisations.own_detail, name="organisation-own"),
    path(
        "me/organisations/<int:pk>/contact/",
        organisations.edit_contact,
        name="organisation-contact",
    ),
    path("me/organisations/<int:pk>/correct/", organisations.correct, name="organisation-correct"),
    path("me/organisations/<int:pk>/members/", organisations.member_invite, name="member-invite"),
    path(
        "me/organisations/<int:pk>/members/<int:membership>/end/",
        organisations.member_end,
        name="member-end",
    ),
    path("me/organisations/<int:pk>/host/", hostings.host_name, name="host-name"),
    path(
        "me/organisations/<int:pk>/groups/<int:group>/", hostings.group_detail, name="group-detail"
    ),
    path(
        "me/organisations/<int:pk>/groups/<int:group>/agree/",
        hostings.group_agree,
        name="group-agree",
    ),
    path(
        "me/organisations/<int:pk>/groups/<int:group>/refuse/",
        hostings.group_refuse,
        name="group-refuse",
    ),
    path(
        "me/organisations/<int:pk>/groups/<int:group>/notice/",
        hostings.group_notice,
        name="group-notice",
    ),
    path("me/invitations/", invitations.invitation_list, name="invitation-list"),
    path("invitations/<uuid:token>/", invitations.invitation_detail, name="invitation-detail"),
    path("invitations/<uuid:token>/accept/", invitations.accept, name="invitation-accept"),
    path("invitations/<uuid:token>/decline/", invitations.decline, name="invitation-decline"),
    path("invitations/<uuid:token>/withdraw/", invitations.withdraw, name="invitation-withdraw"),
    path("invitations/<uuid:token>/resend/", invitations.resend, name="invitation-resend"),
    path("appointments/", appointments.appointment_list, name="appointment-list"),
    path("appointments/new/", appointments.appointment_choose, name="appointment-choose"),
    path("appointments/new/<slug:kind>/", appointments.appointment_new, name="appointment-new"),
    path("appointments/<int:pk>/", appointments.appointment_detail, name="appointment-detail"),
    path("appointments/<int:pk>/end/", appointments.appointment_end, name="appointment-end"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<int:year>/", calendar.calendar_year, name="calendar-year"),
    path("calendar/<int:year>/arrangement/", calendar.arrangement, name="calendar-arrangement"),
    path("calendar/<int:year>/days/", calendar.days_set, name="calendar-days"),
    path("calendar/<int:year>/days/<int:pk>/clear/", calendar.day_clear, name="calendar-day-clear"),
    path("words/", words.word_list, name="word-list"),
    path("words/new/", words.word_new, name="word-new"),
    path("words/<int:pk>/", words.word_edit, name="word-edit"),
    path("words/<int:pk>/remove/", words.word_remove, name="word-remove"),
    path("organisations/", organisations.overseen_list, name="organisation-list"),
    path("organisations/<int:pk>/", organisations.overseen_detail, name="organisation-detail"),
    path("organisations/<int:pk>/verify/", organisations.verify, name="organisation-verify"),
    path(
        "organisations/<int:pk>/operator/",
        organisations.list_operator,
        name="organisation-operator",
    ),
    path("organisations/<int:pk>/return/", organisations.send_back, name="organisation-return"),
    path("people/", people.person_list, name="person-list"),
    path("people/<int:pk>/", people.person_detail, name="person-detail"),
    path("people/<int:pk>/identity/", people.identity_check, name="identity-check"),
    path("demo/outbox/", demo.outbox, name="outbox"),
    path("demo/people/", demo.people, name="demo-people"),
    path("demo/sign-in/", demo.sign_in, name="demo-sign-in"),
]
