"""Addresses of the staff pages; each noun brings its own."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("apps.web.home.urls")),
    path("customers/", include("apps.web.customers.urls")),
    path("settings/", include("apps.web.settings.urls")),
    path("campaigns/", include("apps.web.campaigns.urls")),
    path("messages/", include("apps.web.messages.urls")),
    path("sandbox/", include("apps.web.sandbox.urls")),
    path("inbox/", include("apps.web.reviews.urls")),
    path("templates/", include("apps.web.replies.urls")),
    path("recovery/", include("apps.web.recovery.urls")),
    path("offers/", include("apps.web.offers.urls")),
]
