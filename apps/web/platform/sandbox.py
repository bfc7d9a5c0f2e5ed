"""The platform's mailbox of local mode: what it would have sent to people, with links working."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts import queries as accounts
from apps.core.pages import keyset_page


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """List the mails, newest first."""
    if not settings.LOCAL_MODE:
        raise Http404
    page = keyset_page(accounts.list_mails(), by="created_at", cursor=request.GET.get("cursor", ""))
    return render(request, "web/platform/mailbox.html", {"page": page})


@require_safe
def mail(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """Show one mail."""
    found = accounts.find_mail(mail_id=mail_id) if settings.LOCAL_MODE else None
    if found is None:
        raise Http404
    return render(request, "web/platform/mail.html", {"mail": found})
