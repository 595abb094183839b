"""The addresses of the accounts app."""

from django.urls import URLPattern, path

from accounts.views import demo, me, messages, organisations, people

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
    path("me/organisations/<int:pk>/members/", organisations.member_add, name="member-add"),
    path(
        "me/organisations/<int:pk>/members/<int:membership>/end/",
        organisations.member_end,
        name="member-end",
    ),
    path("organisations/", organisations.overseen_list, name="organisation-list"),
    path("organisations/<int:pk>/", organisations.overseen_detail, name="organisation-detail"),
    path("organisations/<int:pk>/verify/", organisations.verify, name="organisation-verify"),
    path("organisations/<int:pk>/return/", organisations.send_back, name="organisation-return"),
    path("people/", people.person_list, name="person-list"),
    path("people/<int:pk>/", people.person_detail, name="person-detail"),
    path("people/<int:pk>/identity/", people.identity_check, name="identity-check"),
    path("demo/outbox/", demo.outbox, name="outbox"),
    path("demo/people/", demo.people, name="demo-people"),
    path("demo/sign-in/", demo.sign_in, name="demo-sign-in"),
]
