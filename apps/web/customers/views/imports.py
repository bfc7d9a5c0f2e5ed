"""A file of customers on its way in: upload, columns, check, commit."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core import clock
from apps.core.errors import AppError
from apps.core.facts import SYSTEM
from apps.customers import queries, services
from apps.imports.choices import ImportState
from apps.locations import queries as locations
from apps.web.customers.forms import MappingForm
from apps.web.shared import imports
from apps.web.shared.render import add_error, render_page, stream_csv
from apps.web.shared.staff import StaffRequest, staff_required

if TYPE_CHECKING:
    from apps.customers.models import ImportRun

PAGE = "web:customers:import_run"
SAMPLES_SHOWN = 3
LONGEST_SAMPLE = 60
_OWN_COLUMNS = (ImportState.UPLOADED, ImportState.FAILED)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("customers.import")
def start_import(request: StaffRequest) -> HttpResponse:
    """Take a file in; show the files that came before."""
    return imports.take_file(
        request,
        "web/customers/import.html",
        start=services.start_import,
        runs=queries.list_imports(),
        run_page=PAGE,
        steps=_steps(None, "file"),
    )


@require_safe
@staff_required("customers.import")
def show_import(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Show where an import stands: its columns, its check, its progress or what came of it."""
    run = queries.get_import(run_id=run_id)
    wants_columns = run.state == ImportState.CHECKED and request.GET.get("step") == "columns"
    if run.state in _OWN_COLUMNS or wants_columns:
        return _render_columns(request, run, _make_form(request, run))
    return _render_run(request, run)


def _make_form(request: StaffRequest, run: "ImportRun") -> MappingForm:
    initial = {"region": request.business.country, **run.options}
    for index, field in run.columns.items():
        initial[f"column_{index}"] = field
    data = request.POST if request.method == "POST" else None
    return MappingForm(
        data, headers=run.headers, locations=locations.list_locations(actor=SYSTEM), initial=initial
    )


def _render_columns(request: StaffRequest, run: "ImportRun", form: MappingForm) -> HttpResponse:
    columns = [
        {"field": form[name], "samples": _samples(run, index)}
        for index, name in enumerate(form.columns)
    ]
    context = {
        "run": run,
        "form": form,
        "columns": columns,
        "is_guessed": run.dialect.get("is_guessed"),
        "says_who": bool({"consent_email", "consent_sms"} & set(run.columns.values())),
        "steps": _steps(run, "columns"),
        "crumbs": _crumbs(),
    }
    status = 422 if form.errors else 200
    return render_page(request, "web/customers/import_columns.html", context, status=status)


def _samples(run: "ImportRun", index: int) -> list[str]:
    cells = (row[index].strip() for row in run.samples if index < len(row))
    found = list(dict.fromkeys(cell[:LONGEST_SAMPLE] for cell in cells if cell))
    if run.dialect.get("is_guessed"):
        # Only such letters show whether the guess is right.
        found.sort(key=str.isascii)
    return found[:SAMPLES_SHOWN]


@require_POST
@staff_required("customers.import")
def map_import(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Take what each column holds, and begin the check."""
    run = queries.get_import(run_id=run_id)
    form = _make_form(request, run)
    if form.is_valid():
        try:
            services.map_import(
                run=run,
                mapping=form.mapping,
                options=form.options,
                actor=request.actor,
                now=clock.now(),
            )
        except AppError as error:
            add_error(form, error)
        else:
            return redirect(PAGE, run.pk)
    return _render_columns(request, run, form)


def _render_run(request: StaffRequest, run: "ImportRun") -> HttpResponse:
    here = "check" if run.state in (ImportState.CHECKING, ImportState.CHECKED) else "done"
    context = {
        **imports.describe_progress(run, PAGE),
        "rejects": queries.list_first_rejects(run),
        "outcome": _outcome(run),
        "steps": _steps(run, here),
        "crumbs": _crumbs(),
        "columns_url": f"{request.path}?step=columns",
    }
    return render_page(request, "web/customers/import_run.html", context)


def _outcome(run: "ImportRun") -> list[dict[str, object]]:
    rows: list[dict[str, Any]] = [
        {"title": _("New customers"), "value": run.new_count},
        {"title": _("Updated"), "value": run.updated_count},
        {"title": _("Unchanged"), "value": run.unchanged_count},
        {
            "title": _("Twice in the file"),
            "value": run.duplicate_count,
            "note": _("joined with the first row of the same person"),
        },
        {"title": _("Left out"), "value": run.rejected_count},
    ]
    if run.state in (ImportState.DONE, ImportState.CANCELLED):
        rows.append({"title": _("Visits noted"), "value": run.transaction_count})
        rows.append({"title": _("Agreements noted"), "value": run.consent_count})
    return [row | {"value": number_format(row["value"], force_grouping=True)} for row in rows]


@require_safe
@staff_required("customers.import")
def show_progress(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Show how far an import is; when it is over, have the page shown anew."""
    return imports.show_progress(request, queries.get_import(run_id=run_id), run_page=PAGE)


@require_POST
@staff_required("customers.import")
def commit_import(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Bring a checked file in."""
    run = queries.get_import(run_id=run_id)
    return imports.act_on(request, run, services.commit_import, run_page=PAGE)


@require_POST
@staff_required("customers.import")
def cancel_import(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Stop an import."""
    run = queries.get_import(run_id=run_id)
    stopped = _("The import was stopped.")
    return imports.act_on(request, run, services.cancel_import, run_page=PAGE, message=stopped)


@require_safe
@staff_required("customers.import")
def download_rejects(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Hand out the rows that could not come in, to be mended and imported again."""
    run = queries.get_import(run_id=run_id)
    rows = queries.read_rejects(run)
    return stream_csv(rows, file_name="rows-to-mend.csv")  # type: ignore[return-value]


def _crumbs() -> list[dict[str, str]]:
    return [
        {"title": _("Customers"), "url": reverse("web:customers:list")},
        {"title": _("Import"), "url": reverse("web:customers:import")},
    ]


def _steps(run: "ImportRun | None", here: str) -> list[dict[str, Any]]:
    names = {
        "file": _("File"),
        "columns": _("Columns"),
        "check": _("Check"),
        "done": _("Import"),
    }
    order = list(names)
    url = reverse(PAGE, args=[run.pk]) if run else ""
    is_checked = run is not None and run.state == ImportState.CHECKED
    links = {
        "file": reverse("web:customers:import"),
        "columns": f"{url}?step=columns" if is_checked else "",
        "check": url if is_checked else "",
        "done": "",
    }
    return [
        {
            "title": title,
            "url": url if key == here and url else links[key],
            "done": order.index(key) < order.index(here),
            "current": key == here,
        }
        for key, title in names.items()
    ]
