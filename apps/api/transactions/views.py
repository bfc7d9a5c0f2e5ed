"""Transactions: list, create once, read."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.shared.bulk import OutcomesSerializer, work_through
from apps.api.shared.lookups import find_person, find_place
from apps.api.shared.people import find_or_add_person
from apps.api.shared.schema import listing, reading, refusals
from apps.api.shared.versions import answer_one
from apps.api.shared.views import Door, answer_page, read_body, read_query, read_row
from apps.api.transactions.serializers import (
    TransactionBody,
    TransactionQuery,
    TransactionsBody,
    TransactionSerializer,
)
from apps.core import clock
from apps.core.errors import AppError, ForbiddenError
from apps.core.facts import Actor
from apps.customers import services
from apps.customers.queries import lookup


def show(rows: list[Any]) -> list[Any]:
    """Return transactions as JSON values."""
    return list(TransactionSerializer(rows, many=True).data)


def tell(body: dict[str, Any], *, actor: Actor) -> tuple[Any, bool]:
    """Note a transaction from a clean body; return it and whether it is new."""
    values, now = body.copy(), clock.now()
    money = values.pop("amount", None)
    row = services.record_transaction(
        customer=_find_customer(values, actor),
        location=find_place(values.pop("location_id", None)),
        amount_minor=money.minor if money else None,
        currency=money.currency if money else "",
        actor=actor,
        now=now,
        **values,
    )
    return row, row.created_at == now


def _find_customer(values: dict[str, Any], actor: Actor) -> Any:
    """Take out of the body how it names the customer, and return them."""
    customer_id = values.pop("customer_id", None)
    external_id = values.pop("customer_external_id", None)
    inline = values.pop("customer", None)
    if inline is None:
        return find_person(customer_id=customer_id, external_id=external_id)
    if customer_id is not None or external_id is not None:
        message = "Give the customer inline or by an id, not both."
        raise AppError(message, code="customer_twice", field="customer")
    if not actor.can("customers:write"):
        message = "This key lacks the scope customers:write, so it cannot bring a customer along."
        raise ForbiddenError(message, field="customer")
    return find_or_add_person(inline, actor=actor)


class Transactions(Door):
    """The list."""

    noun = "transactions"

    @listing(TransactionSerializer, TransactionQuery, of="transactions", words="List transactions")
    def get(self, request: Request) -> Response:
        """Answer with a page, those told last first."""
        query = read_query(request, TransactionQuery)
        given = {name: query[name] for name in ("customer_id", "external_id") if name in query}
        rows = lookup.list_transactions().filter(**given)
        return answer_page(request, rows, query=query, by="created_at", show=show)

    @extend_schema(
        operation_id="create_transaction",
        summary="Tell of a transaction",
        request=TransactionBody,
        responses={201: TransactionSerializer, 200: TransactionSerializer, **refusals()},
    )
    def post(self, request: Request) -> Response:
        """Note a transaction: 201 when it is new, 200 when it was told before; that one stays."""
        read_query(request)
        with transaction.atomic():
            row, is_new = tell(read_body(TransactionBody, request), actor=self.actor)
        address = reverse("api:transactions:transaction", args=[row.pk])
        return answer_one(
            request,
            TransactionSerializer(row).data,
            status=201 if is_new else 200,
            headers={"Location": request.build_absolute_uri(address)},
        )


class ManyTransactions(Door):
    """Many transactions at once."""

    noun = "transactions"

    @extend_schema(
        operation_id="create_transactions",
        summary="Tell of up to 1,000 transactions",
        request=TransactionsBody,
        responses={200: OutcomesSerializer, **refusals()},
    )
    def post(self, request: Request) -> Response:
        """Note transactions, each by itself; `unchanged` when it was told before."""
        read_query(request)
        rows = read_body(TransactionsBody, request)["transactions"]

        def put(row: object) -> tuple[str, UUID]:
            told, is_new = tell(read_row(TransactionBody, row), actor=self.actor)
            return "created" if is_new else "unchanged", told.pk

        return Response(work_through(rows, put))


class OneTransaction(Door):
    """One transaction."""

    noun = "transactions"

    @reading(TransactionSerializer, of="transaction", words="Read a transaction")
    def get(self, request: Request, transaction_id: UUID) -> Response:
        """Answer with the transaction."""
        read_query(request)
        return answer_one(request, show([lookup.get_transaction(transaction_id)])[0])
