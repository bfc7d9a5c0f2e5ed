"""Machines calling us: the raw body goes to one service, which checks who is calling."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.core import clock
from apps.core.errors import ForbiddenError, NotFoundError
from apps.messaging import services as messaging
from apps.tenants import queries as tenants
from apps.tenants import wall

EMPTY_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str, key: str, kind: str) -> HttpResponse:
    """Take a receipt or a customer's message from a provider of messages."""
    # The signature covers the address that we gave out; the Host header is anybody's word.
    url = tenants.base_url(wall.current_business()) + request.get_full_path()
    try:
        messaging.receive_callback(
            provider=provider,
            account_key=key,
            kind=kind,
            url=url,
            headers=request.headers,
            body=request.body,
            now=clock.now(),
        )
    except ForbiddenError as error:
        return HttpResponse(error.message, status=403, content_type="text/plain")
    except NotFoundError as error:
        return HttpResponse(error.message, status=404, content_type="text/plain")
    return HttpResponse(EMPTY_ANSWER, content_type="text/xml")
