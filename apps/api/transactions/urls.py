"""Addresses of transactions."""

from django.urls import path

from apps.api.transactions.views import OneTransaction, Transactions

app_name = "transactions"
urlpatterns = [
    path("", Transactions.as_view(), name="list"),
    path("<uuid:transaction_id>/", OneTransaction.as_view(), name="transaction"),
]
