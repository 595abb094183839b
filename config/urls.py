"""The map of the site: which app answers which path."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.views import causes, errors, front, health, home, look, styleguide

handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many  # allauth asks for it by this name
handler500 = errors.broken

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front.front, name="front"),
    path("home/", home.home, name="home"),
    path("home/role/", home.switch_role, name="role-switch"),
    path("look/text/", look.switch_text_size, name="text-size-switch"),
    path("look/theme/", look.switch_theme, name="theme-switch"),
    path("look/language/", look.switch_language, name="language-switch"),
    path("cause/", causes.cause, name="cause"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("", include("timebank.urls")),
    path("", include("ventures.urls")),
]
