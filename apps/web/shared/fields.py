"""Form fields that take only what the database and the calendar of a business can hold."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.core.errors import AppError
from apps.core.money import read_amount
from apps.tenants import wall

EARLIEST, LATEST = 1900, 2200


def check_year(value: date) -> None:
    """Refuse a day outside of 1900 to 2200."""
    if not EARLIEST <= value.year <= LATEST:
        message = _("Choose a day between %(first)s and %(last)s.")
        raise ValidationError(message % {"first": EARLIEST, "last": LATEST}, code="out_of_range")


class MoneyField(forms.CharField):
    """An amount in the business's own currency, as people type it."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the amount, or say how to write it."""
        typed = super().clean(value)
        try:
            return read_amount(typed, wall.current_business().currency) if typed else None
        except AppError as error:
            raise ValidationError(error.message, code=error.code) from error


class DayField(forms.DateField):
    """A day that exists and lies within reach."""

    def to_python(self, value: Any) -> date | None:
        """Return the day, or refuse it in words."""
        day = super().to_python(value)
        if day is not None:
            check_year(day)
        return day


class MomentField(forms.DateTimeField):
    """A day and time within reach, whatever offset was written beside it."""

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment, or refuse it in words."""
        try:
            moment = super().to_python(value)
        except OverflowError as error:
            message = _("Choose a day between %(first)s and %(last)s.")
            values = {"first": EARLIEST, "last": LATEST}
            raise ValidationError(message % values, code="out_of_range") from error
        if moment is not None:
            check_year(moment)
        return moment
