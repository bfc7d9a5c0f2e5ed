"""One row of every tenant model, with a mark of its business in every text it can hold."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.staff.models import Member

MOMENT = datetime(2026, 5, 14, 9, 0, tzinfo=UTC)
PLAIN: dict[type[Any], Any] = {
    models.BooleanField: True,
    models.DateTimeField: MOMENT,
    models.DateField: MOMENT.date(),
    models.TimeField: time(9),
    models.DecimalField: Decimal(1),
    models.FloatField: 0.5,
}


def tenant_models() -> list[type[models.Model]]:
    """Return every model of a business, those that others point at first."""
    names = set(settings.TENANT_APPS)
    waiting = [m for m in apps.get_models() if m._meta.app_config.name in names]
    ordered: list[type[models.Model]] = []
    while waiting:
        ready = [m for m in waiting if _targets(m) <= {*ordered, m}]
        assert ready, waiting
        ordered += ready
        waiting = [m for m in waiting if m not in ready]
    return ordered


def _targets(model: type[models.Model]) -> set[Any]:
    return {f.related_model for f in model._meta.fields if isinstance(f, models.ForeignKey)}


def seed(
    mark: str, *, others: Callable[[type[models.Model]], str] | None = None
) -> dict[type[models.Model], Any]:
    """Make one row of each model in the entered business; returns their primary keys.

    ``others`` names the mark of a model, where it is to have one of its own.
    """
    made: dict[type[models.Model], Any] = {Member: Member.objects.order_by("name").first()}
    for model in tenant_models():
        if model is Member:
            continue
        own = others(model) if others else mark
        values = {f.attname: _value(f, own, made) for f in model._meta.fields if _wanted(f)}
        made[model] = model._default_manager.create(**values)
    return {model: row.pk for model, row in made.items()}


def _wanted(field: Any) -> bool:
    automatic = isinstance(field, models.AutoField | models.GeneratedField)
    return not automatic and field.db_default is models.NOT_PROVIDED


def _value(field: Any, mark: str, made: dict[type[models.Model], Any]) -> Any:
    if isinstance(field, models.ForeignKey):
        return made[field.related_model].pk
    if field.choices:
        return field.choices[0][0]
    for kind, make in MAKERS:
        if isinstance(field, kind):
            return make(field, mark)
    return PLAIN[type(field)]


def _text(field: Any, mark: str) -> str:
    short = {"currency": "GBP", "country": "GB", "time_zone": "UTC", "language": "en"}
    if field.name in short:
        return short[field.name]
    if field.name == "colour":
        return "#123456"
    return mark if not field.max_length else mark[: field.max_length]


def _json(field: Any, mark: str) -> Any:
    if field.default is dict:
        return {}
    if field.name == "ratings":
        return [1]
    # Heads of a mail are pairs; every other list holds words.
    return (
        [[mark, mark]]
        if field.name == "headers" and field.model.__name__ == "SandboxDelivery"
        else [mark]
    )


# The first kind that fits makes the value.
MAKERS: tuple[tuple[type[Any], Callable[[Any, str], Any]], ...] = (
    (models.UUIDField, lambda _field, _mark: uuid4()),
    (models.JSONField, _json),
    (ArrayField, lambda field, mark: [_value(field.base_field, mark, {})]),
    (models.EmailField, lambda _field, mark: f"{mark}@canary.example"),
    (models.URLField, lambda _field, mark: f"https://canary.example/{mark}"),
    (models.CharField, _text),
    (models.TextField, _text),
    (models.IntegerField, lambda _field, _mark: 1),
)


def key_of(value: Any) -> UUID | None:
    """Return a key as the UUID that an address would carry, if it is one."""
    return value if isinstance(value, UUID) else None
