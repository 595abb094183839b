"""The addresses of needs and home visits."""

from django.urls import URLPattern, path

from ventures.views import needs, needs_desk, visits

urlpatterns: list[URLPattern] = [
    path("needs/", needs.need_list, name="need-list"),
    path("needs/new/", needs.need_new, name="need-new"),
    path("needs/mine/", needs.need_own_list, name="need-own-list"),
    path("needs/desk/", needs_desk.need_desk, name="need-desk"),
    path("needs/desk.csv", needs_desk.need_export, name="need-export"),
    path("needs/visits/", visits.visit_list, name="visit-list"),
    path("needs/visits/new/", visits.visit_new, name="visit-new"),
    path("needs/visits/<int:pk>/", visits.visit_detail, name="visit-detail"),
    path("needs/visits/<int:pk>/need/", visits.visit_need, name="visit-need"),
    path("needs/<int:pk>/", needs.need_detail, name="need-detail"),
    path("needs/<int:pk>/poster.pdf", needs.need_poster, name="need-poster"),
    path("needs/<int:pk>/fix/", needs.need_fix, name="need-fix"),
    path("needs/<int:pk>/support/", needs.need_support, name="need-support"),
    path("needs/<int:pk>/unsupport/", needs.need_unsupport, name="need-unsupport"),
    path("needs/<int:pk>/files/", needs.need_file_add, name="need-file-add"),
    path("needs/<int:pk>/files/<int:file>/", needs.need_file, name="need-file"),
    path(
        "needs/<int:pk>/files/<int:file>/remove/",
        needs.need_file_remove,
        name="need-file-remove",
    ),
    path("needs/<int:pk>/do/<slug:verb>/", needs_desk.need_step, name="need-step"),
    path("rounds/<slug:code>/needs/", needs_desk.round_needs, name="round-needs"),
]
