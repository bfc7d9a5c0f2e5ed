"""Which column of a shop's table holds what, guessed from its heading and its cells."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

FIELDS = (
    "first_name",
    "last_name",
    "full_name",
    "email",
    "phone",
    "external_id",
    "language",
    "visited_on",
    "amount",
    "currency",
    "location",
    "tags",
    "consent_email",
    "consent_sms",
    "consent_source",
)

# Headings in English, German, French and Spanish, folded to plain small letters.
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "first_name": (
        *("first name", "firstname", "given name", "forename", "fname", "vorname", "rufname"),
        *("prenom", "nombre de pila"),
    ),
    "last_name": (
        *("last name", "lastname", "surname", "family name", "lname", "nachname"),
        *("familienname", "zuname", "nom de famille", "apellido", "apellidos"),
    ),
    "full_name": (
        *("name", "full name", "customer name", "customer", "client name", "client", "guest"),
        *("contact name", "patient name", "kunde", "kundenname", "nom", "nom complet"),
        *("nombre", "nombre completo", "cliente", "display name"),
    ),
    "email": (
        *("email", "e mail", "mail", "email address", "mail address", "emailadresse"),
        *("e mail adresse", "mailadresse", "courriel", "adresse email", "correo"),
        *("correo electronico", "adresse mail"),
    ),
    "phone": (
        *("mobile", "mobile phone", "mobile number", "cell", "cell phone", "cellphone", "phone"),
        *("phone number", "telephone", "tel", "handy", "handynummer", "mobil", "mobilnummer"),
        *("mobiltelefon", "telefon", "telefonnummer", "rufnummer", "portable", "movil"),
        *("celular", "telefono", "numero de telephone", "sms number", "mobil telefon"),
    ),
    "external_id": (
        *("id", "customer id", "customer no", "customer number", "client id", "contact id"),
        *("external id", "reference", "ref", "account number", "patient id", "member id"),
        *("kundennummer", "kundennr", "kunden nr", "kunden id", "numero client"),
        *("numero de cliente", "id cliente", "loyalty number", "card number"),
    ),
    "language": ("language", "lang", "locale", "sprache", "langue", "idioma"),
    "visited_on": (
        *("date", "visit", "visit date", "last visit", "date of visit", "last visit date"),
        *("order date", "last order", "last order date", "purchase date", "last purchase"),
        *("appointment", "appointment date", "transaction date", "service date", "check out"),
        *("checkout date", "datum", "besuch", "letzter besuch", "besuchsdatum", "kaufdatum"),
        *("bestelldatum", "termin", "rechnungsdatum", "date de visite", "derniere visite"),
        *("fecha", "fecha de visita", "ultima visita", "invoice date", "visited on"),
    ),
    "amount": (
        *("amount", "total", "total spent", "spent", "order total", "revenue", "paid", "value"),
        *("betrag", "summe", "umsatz", "gesamt", "gesamtbetrag", "rechnungsbetrag", "montant"),
        *("importe", "total pagado", "sale amount", "invoice total"),
    ),
    "currency": ("currency", "currency code", "wahrung", "waehrung", "devise", "moneda"),
    "location": (
        *("location", "store", "branch", "shop", "site", "salon", "clinic", "restaurant"),
        *("location name", "store name", "filiale", "standort", "geschaft", "laden", "magasin"),
        *("tienda", "sucursal", "lieu", "outlet"),
    ),
    "tags": (
        *("tags", "tag", "labels", "label", "groups", "group", "segment", "segments"),
        *("schlagworte", "gruppe", "gruppen", "etiquettes", "etiquetas", "grupo"),
    ),
}
_CONSENT = re.compile(
    r"\b(?:consent|opt in|optin|opted in|permission|accepts|subscribed|subscription|newsletter"
    r"|marketing|agree|agrees|agreed|said yes|einwilligung|zustimmung|einverstandnis|erlaubnis"
    r"|consentement|consentimiento|permiso)"
)
_REFUSAL = re.compile(r"\b(?:opt out|optout|opted out|unsubscribed|do not|abgemeldet|baja|blocked)")
_SMS = re.compile(r"\b(?:sms|text|texts|mobile|phone|handy|telefon|movil)")
_MAIL = re.compile(r"\b(?:e ?mail|mail|newsletter|courriel|correo)")
_SOURCE = re.compile(r"\b(?:source|origin|method|how|where|quelle|herkunft|origen|fuente)")
_NOT_THE_VISIT = re.compile(
    r"\b(?:birth|birthday|dob|geburt\w*|naissance|nacimiento|created|joined)"
)
_SCORE_SAME, _SCORE_WORDS, _SCORE_CELLS, _LEAST = 100, 40, 30, 25
_MOST_MUST_FIT = 0.5
_NEARLY_ALL = 0.8

_LOOKS: Mapping[str, re.Pattern[str]] = {
    "email": re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$"),
    "phone": re.compile(r"^'?(?:\+|00|\(?0)[\d\s()/.\-]{6,24}$|^\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}$"),
    "visited_on": re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b|\b(?:19|20)\d\d$|^\d{5}$"),
    "amount": re.compile(r"^[^\d]{0,4}\d[\d.,' ]*[^\d]{0,4}$"),
}
_PHONE_CELLS = re.compile(r"^'?\+?[\d\s()/.\-]{6,24}$")


def suggest_mapping(headers: Sequence[str], samples: Sequence[Sequence[str]]) -> dict[int, str]:
    """Return the likeliest field for each column that has one; every field at most once.

    Consent is never guessed from cells, only read from a heading that speaks of consent.
    """
    columns = range(max([len(headers), *map(len, samples)], default=0))
    scored = []
    for index in columns:
        heading = _fold(headers[index]) if index < len(headers) else ""
        cells = [row[index].strip() for row in samples if index < len(row) and row[index].strip()]
        for rank, field in enumerate(FIELDS):
            score = _score(field, heading, cells)
            if score >= _LEAST:
                scored.append((-score, index, rank, field))
    mapping = _pick(sorted(scored))
    return dict(sorted(_settle_names(mapping, headers).items()))


def _pick(scored: list[tuple[int, int, int, str]]) -> dict[int, str]:
    mapping: dict[int, str] = {}
    for _score_below, index, _rank, field in scored:
        if index not in mapping and field not in mapping.values():
            mapping[index] = field
    return mapping


def _settle_names(mapping: dict[int, str], headers: Sequence[str]) -> dict[int, str]:
    """Read "Vorname, Name" and "Prénom, Nom" as first and last name."""
    fields = {field: index for index, field in mapping.items()}
    if "first_name" not in fields or "full_name" not in fields:
        return mapping
    index = fields["full_name"]
    if "last_name" in fields:
        return {at: field for at, field in mapping.items() if at != index}
    if _fold(headers[index]) in {"name", "nom", "nombre"}:
        return {**mapping, index: "last_name"}
    return mapping


def _score(field: str, heading: str, cells: list[str]) -> int:
    if _CONSENT.search(heading) or _REFUSAL.search(heading):
        return _score_consent(field, heading)
    if field not in _HEADINGS or (field == "visited_on" and _NOT_THE_VISIT.search(heading)):
        return 0
    score = _score_heading(heading, _HEADINGS[field])
    looks = _LOOKS.get(field)
    if looks is None or not cells:
        return score
    if score:
        wanted = _PHONE_CELLS if field == "phone" else looks
        return score if _share(wanted, cells) >= _MOST_MUST_FIT else 0
    if field in {"email", "phone"} and _share(looks, cells) >= _NEARLY_ALL:
        return _SCORE_CELLS
    return 0


def _score_heading(heading: str, names: tuple[str, ...]) -> int:
    if heading in names:
        return _SCORE_SAME - names.index(heading)
    padded = f" {heading} "
    hits = [name for name in names if f" {name} " in padded and len(name) > len("id")]
    return max((_SCORE_WORDS + len(name) for name in hits), default=0)


def _score_consent(field: str, heading: str) -> int:
    if _REFUSAL.search(heading) or not field.startswith("consent_"):
        return 0
    if _SOURCE.search(heading):
        found = "consent_source"
    elif _SMS.search(heading):
        found = "consent_sms"
    elif _MAIL.search(heading):
        found = "consent_email"
    else:
        return 0
    return _SCORE_SAME if field == found else 0


def _share(pattern: re.Pattern[str], cells: list[str]) -> float:
    return sum(bool(pattern.search(cell)) for cell in cells) / len(cells)


def _fold(heading: str) -> str:
    flat = unicodedata.normalize("NFKD", heading.strip().casefold())
    flat = "".join(sign for sign in flat if not unicodedata.combining(sign))
    return re.sub(r"[\W_]+", " ", flat).strip()
