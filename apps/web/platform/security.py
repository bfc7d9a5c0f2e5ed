"""Second factors: what one has, and taking one away; adding them is the library's work."""

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.totp.internal import flows as app_flows
from allauth.mfa.webauthn.internal import flows as passkey_flows
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts import queries as accounts
from apps.web.platform.forms_login import RemoveForm

if TYPE_CHECKING:
    from allauth.mfa.models import Authenticator


@require_safe
@login_required
def overview(request: Any) -> HttpResponse:
    """List the factors: in the profile on a business's host, on a page of its own else."""
    if request.business is not None:
        return redirect("web:settings:security")
    context = {"factors": accounts.list_factors(user_id=request.user.pk)}
    return render(request, "mfa/index.html", context)


def to_overview(request: HttpRequest, factor_id: int = 0) -> HttpResponse:
    """Lead from a page of the library's to ours."""
    return redirect("mfa_index")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove(request: Any, factor_id: int) -> HttpResponse:
    """Take a factor away from who knows the password."""
    factor = accounts.find_factor(factor_id=factor_id, user_id=request.user.pk)
    if factor is None:
        raise Http404
    form = RemoveForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _knows_password(request, form):
        _take_away(request, factor)
        return redirect("mfa_index")
    is_last = accounts.list_factors(user_id=request.user.pk).count == 1
    context = {"form": form, "factor": factor, "is_last": is_last}
    status = 422 if form.errors else 200
    return render(request, "web/platform/remove_factor.html", context, status=status)


def _knows_password(request: Any, form: RemoveForm) -> bool:
    adapter = get_adapter()
    try:
        if adapter.reauthenticate(request.user, form.cleaned_data["password"]):
            reauthenticate_by_password(request)
            return True
        form.add_error("password", adapter.error_messages["incorrect_password"])
    except ValidationError as error:
        form.add_error("password", error)
    return False


def _take_away(request: Any, factor: "Authenticator") -> None:
    if factor.type == factor.Type.TOTP:
        app_flows.deactivate_totp(request, factor)
    else:
        passkey_flows.remove_authenticator(request, factor)
