"""Addresses of this door; each noun brings its own."""

from django.urls import URLPattern, URLResolver, include, path

from apps.api.shared.documents import Nowhere, docs, openapi

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", openapi, name="openapi"),
    path("docs/", docs, name="docs"),
    path("customers/", include("apps.api.customers.urls")),
    path("transactions/", include("apps.api.transactions.urls")),
    path("consents/", include("apps.api.consents.urls")),
    path("locations/", include("apps.api.locations.urls")),
    path("staff/", include("apps.api.staff.urls")),
    path("campaigns/", include("apps.api.campaigns.urls")),
    path("responses/", include("apps.api.responses.urls")),
    path("response-templates/", include("apps.api.templates.urls")),
    path("text-checks/", include("apps.api.checks.urls")),
    path("promises/", include("apps.api.promises.urls")),
    path("kpis/", include("apps.api.figures.urls")),
    path("reviews/", include("apps.api.reviews.urls")),
    path("failures/", include("apps.api.failures.urls")),
    path("cases/", include("apps.api.cases.urls")),
    path("offers/", include("apps.api.offers.urls")),
    path("redemptions/", include("apps.api.redemptions.urls")),
    path("events/", include("apps.api.events.urls")),
    path("messages/", include("apps.api.messages.urls")),
    path("<path:rest>", Nowhere.as_view(), name="nowhere"),
]
