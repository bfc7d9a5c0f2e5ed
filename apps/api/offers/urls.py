"""Addresses of offers."""

from django.urls import path

from apps.api.offers.views import ApproveOffer, Offers, OneOffer, RevokeOffer

app_name = "offers"
urlpatterns = [
    path("", Offers.as_view(), name="list"),
    path("<uuid:offer_id>/", OneOffer.as_view(), name="offer"),
    path("<uuid:offer_id>/approve/", ApproveOffer.as_view(), name="approve"),
    path("<uuid:offer_id>/revoke/", RevokeOffer.as_view(), name="revoke"),
]
