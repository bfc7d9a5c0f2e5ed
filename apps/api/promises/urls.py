"""Addresses of promises."""

from django.urls import path

from apps.api.promises.views import OnePromise, Promises, SettlePromise

app_name = "promises"
urlpatterns = [
    path("", Promises.as_view(), name="list"),
    path("<uuid:promise_id>/", OnePromise.as_view(), name="promise"),
    path("<uuid:promise_id>/settle/", SettlePromise.as_view(), name="settle"),
]
