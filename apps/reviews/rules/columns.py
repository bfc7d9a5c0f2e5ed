"""Which column of a file of reviews holds what."""

import re
from collections.abc import Mapping, Sequence

from apps.reviews.choices import Field

_NAMES: Mapping[str, str] = {
    Field.REMOTE_ID: "id review_id reviewid uid uuid external_id remote_id number review_number",
    Field.SOURCE: "source site platform channel origin website provider quelle",
    Field.LABEL: "business label listing product property hotel restaurant item place company",
    Field.LOCATION: "location branch store shop filiale standort",
    Field.AUTHOR: "author author_name reviewer reviewer_name name user username customer guest "
    "written_by autor kunde",
    Field.WRITTEN: "date written_at written_on created created_at review_date published "
    "published_at time timestamp submitted_at datum day",
    Field.RATING: "rating stars score note_value grade points overall_rating bewertung sterne",
    Field.RATING_MAX: "rating_max max_rating max_score out_of scale best_rating max",
    Field.TITLE: "title headline subject heading summary titel betreff",
    Field.TEXT: "text review review_text comment comments body content message feedback words "
    "description kommentar rezension",
    Field.LANGUAGE: "lang language locale sprache",
}
_BY_NAME = {name: field for field, names in _NAMES.items() for name in names.split()}
_NOT_A_WORD = re.compile(r"[^0-9a-zäöüß]+")


def suggest_mapping(headers: Sequence[str]) -> dict[str, str]:
    """Return {index of a column: field} by the headers; each field once, the first column wins."""
    mapping: dict[str, str] = {}
    for index, header in enumerate(headers):
        name = _NOT_A_WORD.sub("_", header.strip().lower()).strip("_")
        field = _BY_NAME.get(name)
        if field is not None and field not in mapping.values():
            mapping[str(index)] = field
    return mapping


def check_mapping(mapping: Mapping[str, str], *, columns: int) -> str:
    """Return what is wrong with a mapping as a code, or an empty text."""
    fields = list(mapping.values())
    if any(not key.isdecimal() or int(key) >= columns for key in mapping):
        return "unknown_column"
    if any(field not in Field.values for field in fields):
        return "unknown_field"
    if len(fields) != len(set(fields)):
        return "twice"
    if Field.TEXT not in fields and Field.RATING not in fields:
        return "nothing_to_read"
    return ""
