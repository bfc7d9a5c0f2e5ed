"""Addresses of customers."""

from django.urls import path

from apps.api.customers.views import Customers, ManyCustomers, OneCustomer

app_name = "customers"
urlpatterns = [
    path("", Customers.as_view(), name="list"),
    path("bulk/", ManyCustomers.as_view(), name="bulk"),
    path("<uuid:customer_id>/", OneCustomer.as_view(), name="customer"),
]
