"""Bringing files of reviews in: upload, columns, check, commit, rejects."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core import clock
from apps.core.errors import AppError
from apps.core.facts import SYSTEM
from apps.imports.choices import ImportState
from apps.locations import queries as locations
from apps.reviews import queries, services
from apps.reviews.choices import Site
from apps.web.reviews.forms import OTHER, MappingForm
from apps.web.shared import imports
from apps.web.shared.render import add_error, stream_csv
from apps.web.shared.staff import StaffRequest, staff_required

if TYPE_CHECKING:
    from apps.reviews.models import ImportRun

PAGE = "web:reviews:import_run"


@staff_required("reviews.import")
def start(request: StaffRequest) -> HttpResponse:
    """Take a file in."""
    return imports.take_file(
        request,
        "web/reviews/import.html",
        start=services.start_import,
        runs=queries.list_imports(),
        run_page=PAGE,
    )


@staff_required("reviews.import")
def show(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Show where an import stands, and take what its columns hold."""
    run = queries.get_import(run_id=run_id)
    if request.method != "POST":
        return _render(request, run, _form(run))
    form = _form(run, request.POST)
    if form.is_valid():
        try:
            services.map_import(
                run=run,
                mapping={str(at): field for at, field in form.mapping.items()},
                options=form.read_options(),
                actor=request.actor,
                now=clock.now(),
            )
        except AppError as error:
            add_error(form, error)
        else:
            return redirect(PAGE, run.pk)
    return _render(request, run, form, status=422)


def _form(run: "ImportRun", data: Any = None) -> MappingForm:
    initial: dict[str, Any] = {f"column_{at}": field for at, field in run.columns.items()}
    initial |= run.options
    source = initial.get("source", "")
    if source and source not in Site.values:
        initial |= {"source": OTHER, "other": source}
    return MappingForm(
        data, run=run, places=locations.list_locations(actor=SYSTEM), initial=initial
    )


def _render(
    request: StaffRequest, run: "ImportRun", form: MappingForm, status: int = 200
) -> HttpResponse:
    context = {
        **imports.describe_progress(run, PAGE),
        "form": form,
        "is_checked": run.state == ImportState.CHECKED,
        "rejects": queries.list_first_rejects(run),
    }
    return render(request, "web/reviews/import_run.html", context, status=status)


@staff_required("reviews.import")
def show_progress(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Show how far an import is; when it is over, have the page shown anew."""
    return imports.show_progress(request, queries.get_import(run_id=run_id), run_page=PAGE)


@staff_required("reviews.import")
@require_POST
def commit(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Bring a checked file in."""
    run = queries.get_import(run_id=run_id)
    return imports.act_on(request, run, services.commit_import, run_page=PAGE)


@staff_required("reviews.import")
@require_POST
def cancel(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Stop an import."""
    run = queries.get_import(run_id=run_id)
    stopped = _("The import was stopped.")
    return imports.act_on(request, run, services.cancel_import, run_page=PAGE, message=stopped)


@staff_required("reviews.import")
def download_rejects(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Send the rows that could not come in, with what to mend."""
    run = queries.get_import(run_id=run_id)
    rows = queries.read_rejects(run)
    return stream_csv(rows, file_name="reviews-to-mend.csv")  # type: ignore[return-value]
