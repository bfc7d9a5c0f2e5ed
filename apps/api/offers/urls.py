"""Addresses of offers."""

from django.urls import path

from apps.api.offers.views import ApproveOffer, OfferCode, Offers, OneOffer, RevokeOffer, SendOffer

app_name = "offers"
urlpatterns = [
    path("", Offers.as_view(), name="list"),
    path("<uuid:offer_id>/", OneOffer.as_view(), name="offer"),
    path("<uuid:offer_id>/approve/", ApproveOffer.as_view(), name="approve"),
    path("<uuid:offer_id>/revoke/", RevokeOffer.as_view(), name="revoke"),
    path("<uuid:offer_id>/send/", SendOffer.as_view(), name="send"),
    path("<uuid:offer_id>/code/", OfferCode.as_view(), name="code"),
]
