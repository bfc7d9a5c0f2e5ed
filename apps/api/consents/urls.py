"""Addresses of consent."""

from django.urls import path

from apps.api.consents.views import Consents

app_name = "consents"
urlpatterns = [path("", Consents.as_view(), name="list")]
