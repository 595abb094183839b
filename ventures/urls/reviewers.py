"""Addresses of finding reviewers: the pool, asking, keeping out, drawing, dividing."""

from django.urls import URLPattern, path

from ventures.views import assignment_plans, conflicts, draws, experts, review_invitations

urlpatterns: list[URLPattern] = [
    # The pool
    path("experts/", experts.expert_list, name="expert-list"),
    path("experts.csv", experts.expert_export, name="expert-export"),
    path("experts/sample.csv", experts.expert_sample, name="expert-sample"),
    path("experts/new/", experts.expert_new, name="expert-new"),
    path("experts/import/", experts.expert_import, name="expert-import"),
    path("experts/<slug:code>/edit/", experts.expert_edit, name="expert-edit"),
    # Asking
    path("rounds/<slug:code>/review-plan/", review_invitations.review_plan, name="review-plan"),
    path(
        "rounds/<slug:code>/invitations/",
        review_invitations.invitation_office,
        name="invitation-office",
    ),
    path(
        "rounds/<slug:code>/invitations/seat/",
        review_invitations.invitation_seat,
        name="invitation-seat",
    ),
    path(
        "rounds/<slug:code>/invitations/<int:pk>/withdraw/",
        review_invitations.invitation_withdraw,
        name="review-invitation-withdraw",
    ),
    path(
        "rounds/<slug:code>/invitations/<int:pk>/off-list/",
        review_invitations.invitation_off_list,
        name="review-invitation-off-list",
    ),
    path("reviews/invitations/<int:pk>/", review_invitations.invitation, name="review-invitation"),
    path(
        "reviews/invitations/<int:pk>/accept/",
        review_invitations.invitation_accept,
        name="review-invitation-accept",
    ),
    path(
        "reviews/invitations/<int:pk>/decline/",
        review_invitations.invitation_decline,
        name="review-invitation-decline",
    ),
    # Keeping out
    path("rounds/<slug:code>/recusals/", conflicts.register, name="conflict-register"),
    path("rounds/<slug:code>/recusals.csv", conflicts.register_csv, name="conflict-register-csv"),
    path("rounds/<slug:code>/recusals/pin/", conflicts.conflict_pin, name="conflict-pin"),
    path(
        "rounds/<slug:code>/recusals/<int:pk>/lift/", conflicts.conflict_lift, name="conflict-lift"
    ),
    path("rounds/<slug:code>/recusals/<int:pk>/who/", conflicts.conflict_who, name="conflict-who"),
    path("proposals/<slug:code>/recusals/", conflicts.recusals_asked, name="recusals-asked"),
    path(
        "proposals/<slug:code>/recusals/<int:pk>/take-back/",
        conflicts.recusal_take_back,
        name="recusal-take-back",
    ),
    # Drawing
    path("rounds/<slug:code>/draws/", draws.draw_new, name="draw-new"),
    path("draws/draw_reviewers.py", draws.draw_program, name="draw-program"),
    path("draws/<slug:number>/", draws.reviewer_draw, name="reviewer-draw"),
    path("draws/<slug:number>.json", draws.draw_file, name="draw-file"),
    path("draws/<slug:number>/draw/", draws.draw_run, name="draw-run"),
    path("draws/<slug:number>/void/", draws.draw_void, name="draw-void"),
    path("draws/<slug:number>/invite/", draws.draw_invite, name="draw-invite"),
    # Dividing
    path("rounds/<slug:code>/plans/", assignment_plans.plan_list, name="assignment-plans"),
    path(
        "rounds/<slug:code>/plans/<int:pk>/apply/",
        assignment_plans.plan_apply,
        name="assignment-plan-apply",
    ),
    path(
        "rounds/<slug:code>/plans/<int:pk>/drop/",
        assignment_plans.plan_drop,
        name="assignment-plan-drop",
    ),
    path(
        "rounds/<slug:code>/panel/assign/", assignment_plans.assignment_add, name="assignment-add"
    ),
    path(
        "rounds/<slug:code>/panel/members/<int:pk>/leave/",
        assignment_plans.member_leave,
        name="member-leave",
    ),
]
