"""Customers: list, create, read, change."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.customers.serializers import (
    CustomerBody,
    CustomerPatch,
    CustomerQuery,
    CustomerSerializer,
)
from apps.api.shared.lookups import find_place
from apps.api.shared.schema import MISSING, listing, reading, refusals
from apps.api.shared.views import Door, answer_page, read_body, read_query
from apps.core import clock
from apps.customers import queries, services
from apps.customers.queries import lookup
from apps.customers.services import Agreement


def show(people: Sequence[Any]) -> list[Any]:
    """Return people with their addresses and numbers, in three queries for any number of them."""
    ids = [person.pk for person in people]
    context = {"contacts": queries.list_contacts(ids), "numbers": lookup.list_numbers(ids)}
    return list(CustomerSerializer(people, many=True, context=context).data)


def _narrow(query: dict[str, Any]) -> QuerySet[Any]:
    people = queries.search_customers(query.get("search", ""))
    if "external_id" in query:
        people = people.filter(pk__in=lookup.with_number(query["external_id"]))
    for name in ("email", "phone"):
        if name in query:
            people = people.filter(pk__in=lookup.with_address(query[name].lower()))
    return people


class Customers(Door):
    """The list."""

    noun = "customers"

    @listing(
        CustomerSerializer, CustomerQuery, of="customers", words="List customers, newest first"
    )
    def get(self, request: Request) -> Response:
        """Answer with a page."""
        query = read_query(request, CustomerQuery)
        return answer_page(request, _narrow(query), query=query, by="created_at", show=show)

    @extend_schema(
        operation_id="create_customer",
        summary="Add a customer",
        request=CustomerBody,
        responses={201: CustomerSerializer, **refusals()},
    )
    def post(self, request: Request) -> Response:
        """Add a person; an address or number that somebody else has is refused."""
        read_query(request)
        body = read_body(CustomerBody, request)
        consent = body.pop("consent", None)
        customer = services.create_customer(
            location=find_place(body.pop("location_id", None)),
            agreement=Agreement(**consent) if consent else None,
            source="api",
            actor=self.actor,
            now=clock.now(),
            **body,
        )
        address = reverse("api:customers:customer", args=[customer.pk])
        headers = {"Location": request.build_absolute_uri(address)}
        return Response(show([customer])[0], status=201, headers=headers)


class OneCustomer(Door):
    """One person."""

    noun = "customers"

    @reading(CustomerSerializer, of="customer", words="Read a customer")
    def get(self, request: Request, customer_id: UUID) -> Response:
        """Answer with the person."""
        read_query(request)
        return Response(show([queries.get_customer(customer_id)])[0])

    @extend_schema(
        operation_id="change_customer",
        summary="Change a customer",
        request=CustomerPatch,
        responses={200: CustomerSerializer, **refusals(MISSING)},
    )
    def patch(self, request: Request, customer_id: UUID) -> Response:
        """Change what is given; addresses are not changed here."""
        read_query(request)
        customer = queries.get_customer(customer_id)
        body = read_body(CustomerPatch, request)
        place = customer.location
        if "location_id" in body:
            place = find_place(body.pop("location_id"))
        kept = {name: getattr(customer, name) for name in ("first_name", "last_name", "language")}
        services.update_customer(
            customer=customer,
            location=place,
            actor=self.actor,
            now=clock.now(),
            **{**kept, "tags": customer.tags, **body},
        )
        return Response(show([queries.get_customer(customer_id)])[0])
