"""Addresses of the offers pages."""

from django.urls import path

from apps.web.offers import views

app_name = "offers"
urlpatterns = [
    path("", views.show_list, name="list"),
    path("new/", views.create, name="create"),
    path("redeem/", views.redeem, name="redeem"),
    path("<uuid:offer_id>/", views.offer, name="offer"),
    path("<uuid:offer_id>/approve/", views.approve, name="approve"),
    path("<uuid:offer_id>/revoke/", views.revoke, name="revoke"),
    path("<uuid:offer_id>/send/", views.send, name="send"),
]
