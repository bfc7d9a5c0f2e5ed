"""Addresses of the customers' page of an offer."""

from django.urls import path

from apps.public.offers import views

app_name = "offers"
urlpatterns = [path("<str:token>/", views.offer, name="offer")]
