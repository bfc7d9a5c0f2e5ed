"""Authentication of integrators: a key of one business, with scopes."""

from typing import Any

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.core import clock
from apps.core.facts import Actor
from apps.staff import queries as staff
from apps.staff import services

SAFE = {"GET", "HEAD", "OPTIONS"}
# What a scope allows in the words of the rooms, which know no scopes.
ALLOWS: dict[str, tuple[str, ...]] = {
    "campaigns:write": ("campaigns.change",),
    "campaigns:launch": ("campaigns.launch",),
    "messages:write": ("customers.send",),
    "response-templates:write": ("replies.templates",),
    "redemptions:write": ("offers.redeem",),
    "reviews:write": ("reviews.assign", "reviews.resolve", "reviews.note"),
    "failures:write": ("failures.record",),
    "cases:write": ("recovery.work",),
    "promises:write": ("recovery.work",),
    "offers:write": ("offers.issue",),
    "offers:approve": ("offers.approve",),
}


class ApiKeyAuthentication(BaseAuthentication):
    """``Authorization: Bearer <key>``; the key is looked up inside the business of the host."""

    def authenticate(self, request: Request) -> tuple[Actor, Any] | None:
        """Return the actor and the key, or None without a header."""
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if not kind:
            return None
        now = clock.now()
        key = staff.find_key(secret=secret.strip(), now=now) if kind.lower() == "bearer" else None
        if key is None:
            message = "This key is unknown here, revoked or expired."
            raise AuthenticationFailed(message)
        services.record_key_use(key=key, now=now)
        permissions = {*key.scopes, *(may for scope in key.scopes for may in ALLOWS.get(scope, ()))}
        actor = Actor(kind="api_key", id=key.pk, name=key.name, permissions=frozenset(permissions))
        return actor, key

    def authenticate_header(self, request: HttpRequest) -> str:
        """Name the scheme, so that a missing key is a 401."""
        return 'Bearer realm="cxsaas"'


class HasScope(BasePermission):
    """The key must hold ``<noun>:read`` or ``<noun>:write``, or the scope that the view names."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether the key's scopes allow this operation of the view's noun."""
        if not isinstance(request.user, Actor):
            return False
        verb = "read" if request.method in SAFE else "write"
        scope = view.scope or f"{view.noun}:{verb}"
        self.message = f"This key lacks the scope {scope}."
        return request.user.can(scope)
