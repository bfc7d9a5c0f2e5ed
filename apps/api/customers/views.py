"""Customers: list, create, read, change."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.customers.serializers import (
    BulkCustomer,
    CustomerBody,
    CustomerPatch,
    CustomerQuery,
    CustomersBody,
    CustomerSerializer,
)
from apps.api.shared.bulk import OutcomesSerializer, work_through
from apps.api.shared.people import add_person, change_person, upsert_person
from apps.api.shared.schema import CHANGED, IF_MATCH, MISSING, listing, reading, refusals
from apps.api.shared.versions import answer_one, check_version
from apps.api.shared.views import Door, answer_page, read_body, read_query, read_row
from apps.core.facts import Actor
from apps.customers import queries, services
from apps.customers.queries import lookup


def show(people: Sequence[Any]) -> list[Any]:
    """Return people with their addresses and numbers, in three queries for any number of them."""
    ids = [person.pk for person in people]
    context = {"contacts": queries.list_contacts(ids), "numbers": lookup.list_numbers(ids)}
    return list(CustomerSerializer(people, many=True, context=context).data)


def _narrow(query: dict[str, Any], actor: Actor) -> QuerySet[Any]:
    people = queries.search_customers(query.get("search", ""), actor=actor)
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
        people = _narrow(query, self.actor)
        return answer_page(request, people, query=query, by="created_at", show=show)

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
        customer = add_person(body, actor=self.actor)
        address = reverse("api:customers:customer", args=[customer.pk])
        headers = {"Location": request.build_absolute_uri(address)}
        return answer_one(request, show([customer])[0], status=201, headers=headers)


class ManyCustomers(Door):
    """Many people at once."""

    noun = "customers"

    @extend_schema(
        operation_id="put_customers",
        summary="Add or change up to 1,000 customers by your numbers",
        request=CustomersBody,
        responses={200: OutcomesSerializer, **refusals()},
    )
    def post(self, request: Request) -> Response:
        """Add those whose `external_id` is new and change the others; each row by itself."""
        read_query(request)
        rows = read_body(CustomersBody, request)["customers"]

        def put(row: object) -> tuple[str, UUID]:
            body = read_row(BulkCustomer, row)
            customer, word = upsert_person(body, actor=self.actor)
            return word, customer.pk

        return Response(work_through(rows, put))


class OneCustomer(Door):
    """One person."""

    noun = "customers"

    @reading(CustomerSerializer, of="customer", words="Read a customer")
    def get(self, request: Request, customer_id: UUID) -> Response:
        """Answer with the person."""
        read_query(request)
        person = queries.get_customer(actor=self.actor, customer_id=customer_id)
        return answer_one(request, show([person])[0])

    @extend_schema(
        operation_id="change_customer",
        summary="Change a customer",
        request=CustomerPatch,
        parameters=[IF_MATCH],
        responses={200: CustomerSerializer, **refusals(MISSING, CHANGED)},
    )
    def patch(self, request: Request, customer_id: UUID) -> Response:
        """Change what is given; addresses are not changed here."""
        read_query(request)
        body = read_body(CustomerPatch, request)
        with transaction.atomic():
            customer = services.hold_customer(customer_id=customer_id)
            check_version(request, show([customer])[0])
            change_person(customer, body, actor=self.actor)
        person = queries.get_customer(actor=self.actor, customer_id=customer_id)
        return answer_one(request, show([person])[0])
