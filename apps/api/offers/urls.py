"""Addresses of offers."""

from django.urls import path

from apps.api.offers.views import Offers, OneOffer

app_name = "offers"
urlpatterns = [
    path("", Offers.as_view(), name="list"),
    path("<uuid:offer_id>/", OneOffer.as_view(), name="offer"),
]
