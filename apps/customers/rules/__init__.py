"""Pure decisions about customers: addresses, numbers, and reading what a shop exports."""

from apps.customers.rules.columns import FIELDS, suggest_mapping
from apps.customers.rules.contacts import (
    ContactInvalid,
    Phone,
    PhoneKind,
    normalise_email,
    normalise_phone,
    show_phone,
)
from apps.customers.rules.identity import (
    Identifier,
    Owner,
    Placing,
    find_place,
    fold_name,
    identifiers,
    key_of,
    read_marks,
)
from apps.customers.rules.rows import Problem, Row, RowProblem, check_row, row_key
from apps.customers.rules.values import (
    Amount,
    DateOrder,
    ValueInvalid,
    date_order,
    parse_amount,
    parse_currency,
    parse_date,
    parse_language,
    parse_yes_no,
)

__all__ = [
    "FIELDS",
    "Amount",
    "ContactInvalid",
    "DateOrder",
    "Identifier",
    "Owner",
    "Phone",
    "PhoneKind",
    "Placing",
    "Problem",
    "Row",
    "RowProblem",
    "ValueInvalid",
    "check_row",
    "date_order",
    "find_place",
    "fold_name",
    "identifiers",
    "key_of",
    "normalise_email",
    "normalise_phone",
    "parse_amount",
    "parse_currency",
    "parse_date",
    "parse_language",
    "parse_yes_no",
    "read_marks",
    "row_key",
    "show_phone",
    "suggest_mapping",
]
