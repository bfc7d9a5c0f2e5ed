"""The list of customers, one customer, and the forms about them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns import queries as campaigns
from apps.campaigns import services as asking
from apps.consent import queries as consent
from apps.consent.choices import Channel
from apps.core import clock
from apps.core.errors import AppError
from apps.core.money import Money
from apps.core.pages import keyset_page
from apps.customers import queries, services
from apps.customers.queries import TIMELINE_KINDS
from apps.locations import queries as locations
from apps.messaging import queries as ledger
from apps.recovery import queries as cases
from apps.reviews import queries as reviews
from apps.web.customers.forms import ContactForm, CustomerForm, PersonForm
from apps.web.shared.choices import list_languages
from apps.web.shared.focus import focused
from apps.web.shared.render import add_error, back_with, render_page
from apps.web.shared.staff import StaffRequest, staff_required

PANE_ROWS = 5
MOST_TOLD = 1000
SUBJECT_PAGES = {
    "message": "web:messages:message",
    "review": "web:reviews:review",
    "case": "web:recovery:case",
    "offer": "web:offers:offer",
}


@require_safe
@staff_required("customers.view")
def show_list(request: StaffRequest) -> HttpResponse:
    """Show customers, newest first, by name, tag or place."""
    text = request.GET.get("q", "").strip()[:200]
    tag, place = request.GET.get("tag", "")[:50], _find_place(request)
    people = queries.search_customers(text, actor=focused(request))
    if tag:
        people = people.filter(tags__contains=[tag])
    if place is not None:
        people = people.filter(location=place)
    page = keyset_page(people, by="created_at", cursor=request.GET.get("cursor", ""))
    contacts = queries.list_contacts([person.pk for person in page.items])
    context = {
        "rows": [(person, contacts.get(person.pk, [])) for person in page.items],
        "page": page,
        "text": text,
        "tag": tag,
        "place": place,
        "locations": [
            ("", _("All locations")),
            *((str(row.pk), row.name) for row in locations.list_locations(actor=request.actor)),
        ],
        "is_filtered": bool(text or tag or place),
    }
    return render_page(request, "web/customers/list.html", context)


def _find_place(request: StaffRequest) -> Any:
    try:
        return locations.find_location(UUID(request.GET.get("at", "")), actor=request.actor)
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("customers.change")
def create(request: StaffRequest) -> HttpResponse:
    """Add a customer."""
    form = CustomerForm(
        request.POST or None,
        locations=locations.list_locations(actor=request.actor),
        initial={"region": request.business.country},
    )
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        agreement = _read_agreement(values)
        try:
            customer = services.create_customer(
                **values, agreement=agreement, actor=request.actor, now=clock.now()
            )
        except AppError as error:
            add_error(form, error)
        else:
            message = _("%(name)s was added.") % {"name": customer.name}
            return back_with(request, "web:customers:customer", customer.pk, message=message)
    status = 422 if form.errors else 200
    return render_page(
        request, "web/customers/create.html", {"form": form, "crumbs": _crumbs()}, status=status
    )


def _crumbs() -> list[dict[str, str]]:
    return [{"title": _("Customers"), "url": reverse("web:customers:list")}]


def _read_agreement(values: dict[str, Any]) -> services.Agreement | None:
    said = {name: values.pop(f"consent_{name}") for name in _AGREEMENT}
    return services.Agreement(**said) if said["basis"] else None


_AGREEMENT = ("basis", "purposes", "wording", "source")


@require_safe
@staff_required("customers.view")
def show_customer(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Show one customer: what happened, how to reach them, what they may be sent."""
    customer = queries.get_customer(actor=request.actor, customer_id=customer_id)
    group = request.GET.get("kind", "")
    group = group if group in TIMELINE_KINDS else ""
    most = MOST_TOLD if request.GET.get("all") else queries.MOST_ITEMS
    items = queries.list_timeline(
        actor=request.actor, customer_id=customer.pk, group=group, most=most
    )
    contacts = queries.list_contacts([customer.pk])[customer.pk]
    context = {
        "customer": customer,
        "language": dict(list_languages()).get(customer.language, customer.language),
        "numbers": queries.list_external_ids(customer.pk),
        "contacts": _explain(contacts),
        "items": [(item, _subject_url(item)) for item in items],
        "has_more": len(items) == queries.MOST_ITEMS,
        "kinds": _list_kinds(request, group),
        "group": group,
        "visits": _list_visits(request, customer.pk),
        **_list_panes(request, customer.pk),
        "ask": _ask(request, contacts, customer.pk),
    }
    return render_page(
        request, "web/customers/customer.html", context, part="web/customers/_timeline.html"
    )


def _explain(contacts: list[Any]) -> list[tuple[Any, list[str]]]:
    said = consent.explain_contacts(contacts)
    return [(contact, said[contact.channel, contact.address_hash]) for contact in contacts]


def _list_kinds(request: StaffRequest, group: str) -> list[dict[str, object]]:
    tabs = [{"title": _("Everything"), "url": request.path, "current": not group}]
    for key, title in TIMELINE_KINDS.items():
        tabs.append({"title": title, "url": f"?kind={key}", "current": key == group})
    return tabs


def _list_visits(request: StaffRequest, customer_id: UUID) -> list[dict[str, object]]:
    return [
        {
            "visit": visit,
            "amount": Money(visit.amount_minor, visit.currency).format()
            if visit.amount_minor is not None and visit.currency
            else "",
        }
        for visit in queries.get_transactions(customer_id, actor=request.actor)[:PANE_ROWS]
    ]


def _list_panes(request: StaffRequest, customer_id: UUID) -> dict[str, object]:
    said = reviews.list_customer_reviews(actor=request.actor, customer_id=customer_id)
    opened = cases.list_customer_cases(actor=request.actor, customer_ids=[customer_id])
    sent = ledger.list_messages(actor=request.actor, customer_ids=[customer_id])
    sent = sent.order_by("-queued_at", "-pk")
    return {
        "reviews": [(row, _page_of("review", row.pk)) for row in said[:PANE_ROWS]],
        "cases": [(row, _page_of("case", row.pk)) for row in opened[:PANE_ROWS]],
        "messages_sent": [(row, _page_of("message", row.pk)) for row in sent[:PANE_ROWS]],
    }


def _subject_url(item: queries.TimelineItem) -> str:
    return _page_of(item.subject_kind, item.subject_id) if item.subject_id else ""


def _page_of(kind: str, subject_id: UUID) -> str:
    """Return the address of an object's page, or nothing where there is none."""
    try:
        return reverse(SUBJECT_PAGES[kind], args=[subject_id])
    except (KeyError, NoReverseMatch):
        return ""


def _ask(request: StaffRequest, contacts: list[Any], customer_id: UUID) -> dict[str, object]:
    """Say over what this person may be asked for a review now, or why not."""
    if not request.actor.can("customers.send"):
        return {}
    if not contacts:
        return {"channels": [], "why": _("No address or number is known.")}
    found = campaigns.ask_verdict(
        customer_id=customer_id,
        channels=Channel.values,
        window_days=campaigns.ASK_WINDOW_DAYS,
        now=clock.now(),
    )
    if found is None or found.verdict != campaigns.ELIGIBLE:
        reason = found.verdict if found else ""
        return {"channels": [], "why": asking.explain_reason(reason)}
    return {"channels": [one for one in Channel.values if one in found.channels], "why": ""}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("customers.change")
def edit(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Change what is known of a customer."""
    customer = queries.get_customer(actor=request.actor, customer_id=customer_id)
    form = PersonForm(
        request.POST or None,
        locations=locations.list_all_locations(actor=request.actor),
        initial=_known(customer),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.update_customer(
                customer=customer, **form.cleaned_data, actor=request.actor, now=clock.now()
            )
        except AppError as error:
            add_error(form, error)
        else:
            return back_with(
                request, "web:customers:customer", customer.pk, message=_("The changes are kept.")
            )
    return _render_edit(request, customer, form, ContactForm())


def _known(customer: Any) -> dict[str, object]:
    return {
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "language": customer.language,
        "location": str(customer.location_id or ""),
        "tags": customer.tags,
    }


def _render_edit(
    request: StaffRequest, customer: Any, form: PersonForm, contact_form: ContactForm
) -> HttpResponse:
    page = {"title": customer.name, "url": reverse("web:customers:customer", args=[customer.pk])}
    context = {
        "crumbs": [*_crumbs(), page],
        "customer": customer,
        "form": form,
        "contact_form": contact_form,
        "contacts": queries.list_contacts([customer.pk])[customer.pk],
    }
    status = 422 if form.errors or contact_form.errors else 200
    return render_page(request, "web/customers/edit.html", context, status=status)


@require_POST
@staff_required("customers.change")
def add_contact(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Add an address or a number of a customer."""
    customer = queries.get_customer(actor=request.actor, customer_id=customer_id)
    contact_form = ContactForm(request.POST)
    if contact_form.is_valid():
        try:
            services.add_contact(
                customer=customer,
                **contact_form.cleaned_data,
                actor=request.actor,
                now=clock.now(),
            )
        except AppError as error:
            contact_form.add_error("address", error.message)
        else:
            return back_with(request, "web:customers:edit", customer.pk, message=_("Added."))
    form = PersonForm(
        locations=locations.list_all_locations(actor=request.actor), initial=_known(customer)
    )
    return _render_edit(request, customer, form, contact_form)


@require_POST
@staff_required("customers.change")
def remove_contact(request: StaffRequest, customer_id: UUID, contact_id: UUID) -> HttpResponse:
    """Forget an address of a customer."""
    customer = queries.get_customer(actor=request.actor, customer_id=customer_id)
    contact = queries.get_contact(customer_id=customer.pk, contact_id=contact_id)
    services.remove_contact(contact=contact, actor=request.actor, now=clock.now())
    message = _("%(address)s was removed.") % {"address": contact.address}
    messages.success(request, message)
    return back_with(request, "web:customers:edit", customer_id)
