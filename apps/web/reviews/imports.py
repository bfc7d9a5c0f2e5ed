"""Bringing files of reviews in: upload, columns, check, commit, rejects."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core import clock
from apps.core.errors import AppError
from apps.imports.choices import ImportState
from apps.locations import queries as locations
from apps.reviews import queries, services
from apps.reviews.choices import Site
from apps.web.reviews.forms import OTHER, MappingForm, UploadForm
from apps.web.shared.render import add_error, back_with, stream_csv
from apps.web.shared.staff import StaffRequest, staff_required

if TYPE_CHECKING:
    from apps.reviews.models import ImportRun

PAGE = "web:reviews:import_run"
MAPPABLE = frozenset({ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED})
RECENT = 10


@staff_required("reviews.import")
def start(request: StaffRequest) -> HttpResponse:
    """Take a file in."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                run = services.start_import(
                    file=file, file_name=file.name, actor=request.actor, now=clock.now()
                )
            except AppError as error:
                add_error(form, error)
            else:
                return redirect(PAGE, run.pk)
    context = {"form": form, "runs": queries.list_imports()[:RECENT]}
    status = 422 if request.method == "POST" else 200
    return render(request, "web/reviews/import.html", context, status=status)


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
                mapping=form.read_mapping(),
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
    initial: dict[str, Any] = {f"column_{at}": field for at, field in run.mapping.items()}
    initial |= run.options
    source = initial.get("source", "")
    if source and source not in Site.values:
        initial |= {"source": OTHER, "other": source}
    return MappingForm(data, run=run, places=locations.list_locations(), initial=initial)


def _render(
    request: StaffRequest, run: "ImportRun", form: MappingForm, status: int = 200
) -> HttpResponse:
    context = {
        "run": run,
        "form": form,
        "is_mappable": run.state in MAPPABLE,
        "is_checked": run.state == ImportState.CHECKED,
        "rejects": queries.list_first_rejects(run),
        "new_rows": run.total_rows - run.rejected_count - run.duplicate_count,
    }
    return render(request, "web/reviews/import_run.html", context, status=status)


@staff_required("reviews.import")
def show_progress(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Show how far an import is; when it is over the whole page is shown anew."""
    run = queries.get_import(run_id=run_id)
    if run.state not in {ImportState.CHECKING, ImportState.RUNNING}:
        return HttpResponse(status=200, headers={"HX-Refresh": "true"})
    return render(request, "web/reviews/import_progress.html", {"run": run})


def _act(request: StaffRequest, run_id: UUID, act: Callable[..., None]) -> HttpResponse:
    run = queries.get_import(run_id=run_id)
    try:
        act(run=run, actor=request.actor, now=clock.now())
    except AppError as error:
        return back_with(request, PAGE, run.pk, error=error)
    return back_with(request, PAGE, run.pk)


@staff_required("reviews.import")
@require_POST
def commit(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Bring a checked file in."""
    return _act(request, run_id, services.commit_import)


@staff_required("reviews.import")
@require_POST
def cancel(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Stop an import."""
    return _act(request, run_id, services.cancel_import)


@staff_required("reviews.import")
def download_rejects(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Send the rows that could not come in, with what to mend."""
    run = queries.get_import(run_id=run_id)
    rows = queries.read_rejects(run)
    return stream_csv(rows, file_name="reviews-to-mend.csv")  # type: ignore[return-value]
