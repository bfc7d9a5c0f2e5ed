"""Addresses of customers."""

from django.urls import path

from apps.api.customers.story import CustomerConsents, Timeline
from apps.api.customers.views import Customers, ManyCustomers, OneCustomer

app_name = "customers"
urlpatterns = [
    path("", Customers.as_view(), name="list"),
    path("bulk/", ManyCustomers.as_view(), name="bulk"),
    path("<uuid:customer_id>/", OneCustomer.as_view(), name="customer"),
    path("<uuid:customer_id>/timeline/", Timeline.as_view(), name="timeline"),
    path("<uuid:customer_id>/consents/", CustomerConsents.as_view(), name="consents"),
]
