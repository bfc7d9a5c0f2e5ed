"""Transactions: list, create once, read."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.shared.lookups import find_person, find_place
from apps.api.shared.schema import listing, reading, refusals
from apps.api.shared.views import Door, answer_page, read_body, read_query
from apps.api.transactions.serializers import (
    TransactionBody,
    TransactionQuery,
    TransactionSerializer,
)
from apps.core import clock
from apps.customers import services
from apps.customers.queries import lookup


def show(rows: list[Any]) -> list[Any]:
    """Return transactions as JSON values."""
    return list(TransactionSerializer(rows, many=True).data)


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
        body = read_body(TransactionBody, request)
        money, now = body.pop("amount", None), clock.now()
        row = services.record_transaction(
            customer=find_person(
                customer_id=body.pop("customer_id", None),
                external_id=body.pop("customer_external_id", None),
            ),
            location=find_place(body.pop("location_id", None)),
            amount_minor=money.minor if money else None,
            currency=money.currency if money else "",
            actor=self.actor,
            now=now,
            **body,
        )
        address = reverse("api:transactions:transaction", args=[row.pk])
        return Response(
            TransactionSerializer(row).data,
            status=201 if row.created_at == now else 200,
            headers={"Location": request.build_absolute_uri(address)},
        )


class OneTransaction(Door):
    """One transaction."""

    noun = "transactions"

    @reading(TransactionSerializer, of="transaction", words="Read a transaction")
    def get(self, request: Request, transaction_id: UUID) -> Response:
        """Answer with the transaction."""
        read_query(request)
        return Response(TransactionSerializer(lookup.get_transaction(transaction_id)).data)
