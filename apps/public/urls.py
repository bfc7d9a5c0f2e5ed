"""Addresses of this door; each noun brings its own."""

from django.urls import URLPattern, URLResolver, include, path

from apps.public.shared.brand import brand

app_name = "public"
urlpatterns: list[URLPattern | URLResolver] = [
    path("brand.css", brand, name="brand"),
    path("r/", include("apps.public.feedback.urls")),
    path("", include("apps.public.consent.urls")),
    path("c/", include("apps.public.recovery.urls")),
    path("o/", include("apps.public.offers.urls")),
]
