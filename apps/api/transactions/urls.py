"""Addresses of transactions."""

from django.urls import path

from apps.api.transactions.views import ManyTransactions, OneTransaction, Transactions

app_name = "transactions"
urlpatterns = [
    path("", Transactions.as_view(), name="list"),
    path("bulk/", ManyTransactions.as_view(), name="bulk"),
    path("<uuid:transaction_id>/", OneTransaction.as_view(), name="transaction"),
]
