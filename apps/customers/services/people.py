"""Writes about people and their addresses."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.core.crypto import keyed_hash
from apps.core.errors import AppError
from apps.core.facts import SYSTEM, Actor
from apps.customers import rules
from apps.customers.choices import IMPORT_SYSTEM, Channel, ContactStatus
from apps.customers.events import CustomerCreated, CustomerUpdated
from apps.customers.models import ContactPoint, Customer, ExternalId
from apps.customers.queries import get_customer
from apps.customers.rules.rows import MAX_TAG, MAX_TAGS
from apps.customers.services.grants import Agreement, Grant, record_grants
from apps.journal import services as journal
from apps.locations.models import Location
from apps.tenants import wall


def make_contact(
    *, customer: Customer, channel: str, address: str, phone: rules.Phone | None, now: datetime
) -> ContactPoint:
    """Return a contact point that is not stored yet, for an address already in its one form."""
    return ContactPoint(
        customer=customer,
        channel=channel,
        address=address,
        address_hash=keyed_hash(wall.current_business().uuid, address),
        region=phone.region if phone else "",
        zones=sorted(phone.zones) if phone else [],
        status=ContactStatus.LANDLINE if phone and not phone.can_text else ContactStatus.OK,
        created_at=now,
    )


def create_customer(
    *,
    first_name: str = "",
    last_name: str = "",
    email: str = "",
    phone: str = "",
    language: str = "",
    location: Location | None = None,
    tags: Sequence[str] = (),
    external_id: str = "",
    region: str = "",
    agreement: Agreement | None = None,
    source: str = "staff",
    actor: Actor,
    now: datetime,
) -> Customer:
    """Add a person with their addresses and, when they agreed, their consent.

    AppError at the field that is wrong; an address or number that belongs to somebody else is
    refused, naming them.
    """
    customer = Customer(
        first_name=_fold(first_name),
        last_name=_fold(last_name),
        language=language.strip(),
        location=location,
        tags=clean_tags(tags),
        created_at=now,
        updated_at=now,
    )
    if not (customer.first_name or customer.last_name or email.strip() or phone.strip()):
        message = _("Give at least a name, an email address or a phone number.")
        raise AppError(message, code="nothing_known", field="first_name")
    contacts = []
    if email.strip():
        contacts.append(_read_contact(customer, Channel.EMAIL, email, region, now))
    if phone.strip():
        contacts.append(_read_contact(customer, Channel.SMS, phone, region, now))
    with transaction.atomic():
        customer.save()
        for contact in contacts:
            _store_contact(contact, actor)
        if external_id.strip():
            _store_external_id(customer, external_id.strip())
        fact = CustomerCreated(customer_id=customer.pk, source=source)
        journal.record(fact, actor=actor, now=now)
        _record_agreement(contacts, agreement, actor, now)
    return customer


def hold_customer(*, customer_id: UUID) -> Customer:
    """Return a person as they are now, locked until the transaction ends; or NotFoundError."""
    Customer.objects.select_for_update().filter(pk=customer_id).first()
    return get_customer(actor=SYSTEM, customer_id=customer_id)


def update_customer(
    *,
    customer: Customer,
    first_name: str,
    last_name: str,
    language: str,
    location: Location | None,
    tags: Sequence[str],
    actor: Actor,
    now: datetime,
) -> bool:
    """Change what is known of a person; False when nothing changed."""
    values = {
        "first_name": _fold(first_name),
        "last_name": _fold(last_name),
        "language": language.strip(),
        "location_id": location.pk if location else None,
        "tags": clean_tags(tags),
    }
    with transaction.atomic():
        customer = Customer.objects.select_for_update().get(pk=customer.pk)
        changed = [name for name, value in values.items() if getattr(customer, name) != value]
        if not changed:
            return False
        for name in changed:
            setattr(customer, name, values[name])
        customer.updated_at = now
        customer.save(update_fields=[*changed, "updated_at"])
        _record_change(customer, actor, now)
    return True


def add_contact(
    *,
    customer: Customer,
    channel: str,
    address: str,
    region: str = "",
    agreement: Agreement | None = None,
    actor: Actor,
    now: datetime,
) -> ContactPoint:
    """Add a further address or number; again for the same person changes nothing."""
    contact = _read_contact(customer, channel, address, region, now)
    own = ContactPoint.objects.filter(
        customer=customer, channel=contact.channel, address=contact.address
    ).first()
    if own is not None:
        return own
    with transaction.atomic():
        _store_contact(contact, actor)
        _record_change(customer, actor, now)
        _record_agreement([contact], agreement, actor, now)
    return contact


def remove_contact(*, contact: ContactPoint, actor: Actor, now: datetime) -> None:
    """Forget an address; consent and opt-outs of it are kept by its hash."""
    with transaction.atomic():
        gone, _by_model = ContactPoint.objects.filter(pk=contact.pk).delete()
        if gone:
            _record_change(contact.customer, actor, now)


def set_contact_status(*, contact: ContactPoint, status: str, now: datetime) -> bool:
    """Note that an address works or does not; False when that was known."""
    changed = ContactPoint.objects.filter(pk=contact.pk).exclude(status=status)
    return bool(changed.update(status=status))


def _fold(name: str) -> str:
    """Return a name on one line: it goes into greetings, subjects and lists."""
    return " ".join(name.split())


def clean_tags(tags: Sequence[str]) -> list[str]:
    """Return tags without blanks and doubles, in the order given."""
    kept = list(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
    if len(kept) > MAX_TAGS:
        message = _("There are more than %(most)d tags.") % {"most": MAX_TAGS}
        raise AppError(message, code="too_many_tags", field="tags")
    for tag in kept:
        if len(tag) > MAX_TAG:
            message = _("“%(tag)s” is too long for a tag.") % {"tag": tag}
            raise AppError(message, code="tag_too_long", field="tags")
    return kept


def _read_contact(
    customer: Customer, channel: str, address: str, region: str, now: datetime
) -> ContactPoint:
    field = "email" if channel == Channel.EMAIL else "phone"
    try:
        if channel == Channel.EMAIL:
            phone, normal = None, rules.normalise_email(address)
        else:
            country = region or wall.current_business().country
            phone = rules.normalise_phone(address, region=country)
            normal = phone.e164
    except rules.ContactInvalid as error:
        raise AppError(error.message, code=error.code, field=field) from error
    return make_contact(customer=customer, channel=channel, address=normal, phone=phone, now=now)


def _store_contact(contact: ContactPoint, actor: Actor) -> None:
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError as error:
        taken = ContactPoint.objects.select_related("customer").filter(
            channel=contact.channel, address=contact.address
        )
        other = taken.first()
        if other is None:
            raise
        field = "email" if contact.channel == Channel.EMAIL else "phone"
        words, data = _name_holder(other, actor)
        raise AppError(words, code="address_taken", field=field, data=data) from error


def _name_holder(taken: ContactPoint, actor: Actor) -> tuple[str, dict[str, str]]:
    """Say whose an address is, as far as the actor may know."""
    if not actor.sees_location(taken.customer.location_id):
        message = _("%(address)s belongs to a customer of another location. Ask a manager there.")
        return message % {"address": taken.address}, {}
    message = _("%(address)s belongs to another customer: %(name)s.")
    words = message % {"address": taken.address, "name": taken.customer.name}
    return words, {"customer_id": str(taken.customer_id)}


def _store_external_id(customer: Customer, value: str) -> None:
    _row, created = ExternalId.objects.get_or_create(
        system=IMPORT_SYSTEM, value=value, defaults={"customer": customer}
    )
    if not created:
        message = _("The customer number %(number)s belongs to another customer.")
        raise AppError(message % {"number": value}, code="number_taken", field="external_id")


def _record_change(customer: Customer, actor: Actor, now: datetime) -> None:
    Customer.objects.filter(pk=customer.pk).update(updated_at=now)
    journal.record(CustomerUpdated(customer_id=customer.pk, source="staff"), actor=actor, now=now)


def _record_agreement(
    contacts: Sequence[ContactPoint], agreement: Agreement | None, actor: Actor, now: datetime
) -> None:
    if agreement is None:
        return
    grants = [
        Grant(
            contact=contact,
            purposes=agreement.purposes,
            basis=agreement.basis,
            source=agreement.source,
            wording=agreement.wording,
        )
        for contact in contacts
        if contact.status == ContactStatus.OK
    ]
    record_grants(grants, actor=actor, now=now)
