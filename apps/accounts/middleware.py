"""From a cookie to a person and their membership, then through the wall."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from apps.accounts import queries
from apps.accounts.sessions import SessionStore
from apps.tenants import wall

ACCOUNT_PATHS = "/account/"


class HostSessionMiddleware(SessionMiddleware):
    """Opens the session of this host; a cookie from another host opens nothing."""

    def process_request(self, request: Any) -> None:
        """Attach the session."""
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        business = request.business
        request.session = SessionStore(
            key,
            business_id=business.pk if business else None,
            user_agent=request.headers.get("User-Agent", ""),
        )


class MembershipMiddleware:
    """Finds out who is asking while still on the platform, then enters the business."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        business = request.business
        request.membership = None
        if business is None:
            return self.get_response(request)
        has_cookie = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_cookie and request.user.is_authenticated:
            request.membership = queries.find_membership(
                user_id=request.user.pk, business_id=business.pk
            )
        if request.path.startswith(ACCOUNT_PATHS):
            return self.get_response(request)
        with wall.as_business(business), _habits(request):
            return self.get_response(request)


@contextmanager
def _habits(request: Any) -> Iterator[None]:
    """Speak a member's language and show their clock, where they have chosen one."""
    user = request.user if request.membership else None
    known = {code for code, _ in settings.LANGUAGES}
    with ExitStack() as habits:
        if user and user.language in known:
            habits.enter_context(translation.override(user.language))
        if user and user.time_zone:
            habits.enter_context(timezone.override(ZoneInfo(user.time_zone)))
        yield
