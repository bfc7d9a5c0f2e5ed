"""The OpenAPI document, a page to read it by, and what is said at unknown addresses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from apps.api.shared import schema  # noqa: F401 - registers how keys are described
from apps.api.shared.views import Door
from apps.core.errors import NotFoundError

openapi = SpectacularJSONAPIView.as_view(authentication_classes=[], permission_classes=[AllowAny])


def docs(request: HttpRequest) -> HttpResponse:
    """Show the OpenAPI document to people."""
    return render(request, "api/docs.html")


class Nowhere(Door):
    """Whatever is not an address of the API."""

    permission_classes = (AllowAny,)
    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Refuse, whatever the method; a key that is given counts the request."""
        super().initial(request, *args, **kwargs)
        hint = "" if request.path.endswith("/") else " Addresses end with a slash."
        message = f"There is nothing at this address.{hint}"
        raise NotFoundError(message)
