"""Addresses on a business's host."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from apps.core.http import health, metrics, ready

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health, name="healthz"),
    path("readyz", ready, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("account/", include("apps.web.platform.account_urls")),
    path("account/", include("allauth.account.urls")),
    path("api/v1/", include("apps.api.urls")),
    path("callbacks/", include("apps.callbacks.urls")),
    path("", include("apps.public.urls")),
    path("", include("apps.web.urls")),
]
if settings.LOCAL_MODE:
    urlpatterns += [path("styleguide/", include("apps.web.styleguide.urls"))]

handler400 = "apps.web.shared.errors.bad_request"
handler403 = "apps.web.shared.errors.forbidden"
handler404 = "apps.web.shared.errors.not_found"
handler500 = "apps.web.shared.errors.server_error"
handler429 = "apps.web.shared.errors.too_many"  # allauth asks here, whatever the host
