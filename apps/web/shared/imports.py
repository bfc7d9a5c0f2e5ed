"""What the pages of files on their way in share, whatever the files hold."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import clock
from apps.core.errors import AppError
from apps.core.pages import keyset_page
from apps.web.shared.render import add_error, back_with, render_page
from apps.web.shared.staff import StaffRequest

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from apps.imports.models import ImportFile
    from apps.locations.models import Location

FILES_A_PAGE = 20
DATE_ORDERS = (
    ("", gettext_lazy("As the file itself shows")),
    ("dmy", gettext_lazy("Day first: 31/12/2026")),
    ("mdy", gettext_lazy("Month first: 12/31/2026")),
)


class UploadForm(forms.Form):
    """A file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        help_text=gettext_lazy(
            "A table as CSV, also packed as .csv.gz; the first row names the columns."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.gz,.txt,.tsv,text/csv"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "missing"), gettext_lazy("Choose a file first.")
        ),
    )


class ColumnsForm(forms.Form):
    """What each column of a file holds; a room adds what holds for the whole file."""

    location = forms.ChoiceField(
        label=gettext_lazy("Location"),
        required=False,
        help_text=gettext_lazy("For rows that do not name one themselves."),
    )
    date_order = forms.ChoiceField(
        label=gettext_lazy("How the file writes dates"), choices=DATE_ORDERS, required=False
    )

    def add_columns(
        self,
        headers: list[str],
        fields: Iterable[tuple[Any, Any]],
        places: Iterable["Location"],
    ) -> None:
        """Add a choice of ``fields`` for each column, and the places."""
        self.columns = [f"column_{index}" for index in range(len(headers))]
        for name, heading in zip(self.columns, headers, strict=True):
            self.fields[name] = forms.ChoiceField(
                label=heading.strip() or _("A column without a heading"),
                choices=[("", _("Leave out")), *fields],
                required=False,
            )
        names = [(str(place.pk), place.name) for place in places]
        self.set_choices("location", [("", _("None in particular")), *names])
        if len(names) == 1:
            self.initial.setdefault("location", names[0][0])

    def set_choices(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        """Say what a field may hold."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = list(choices)

    @property
    def mapping(self) -> dict[int, str]:
        """Return the field of each column that is not left out."""
        chosen = [self.cleaned_data.get(name, "") for name in self.columns]
        return {index: field for index, field in enumerate(chosen) if field}


class Starter(Protocol):
    """A service that takes a file in."""

    def __call__(self, *, file: Any, file_name: str, actor: Any, now: Any) -> Any:
        """Return the import."""


def take_file(
    request: StaffRequest,
    page: str,
    *,
    start: Starter,
    runs: "QuerySet[Any]",
    run_page: str,
    **context: Any,
) -> HttpResponse:
    """Take a file in and go to its page; else show the form and the files that came before."""
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                run = start(file=file, file_name=file.name, actor=request.actor, now=clock.now())
            except AppError as error:
                add_error(form, error)
            else:
                return redirect(run_page, run.pk)
    cursor = request.GET.get("cursor", "")
    files = keyset_page(runs, by="created_at", cursor=cursor, limit=FILES_A_PAGE)
    values = {"form": form, "page": files, "run_page": run_page, **context}
    return render_page(request, page, values, status=422 if form.errors else 200)


def act_on(
    request: StaffRequest,
    run: "ImportFile",
    act: Callable[..., None],
    *,
    run_page: str,
    message: str = "",
) -> HttpResponse:
    """Move an import on, and go back to its page."""
    try:
        act(run=run, actor=request.actor, now=clock.now())
    except AppError as error:
        return back_with(request, run_page, run.pk, error=error)
    return back_with(request, run_page, run.pk, message=message)


def show_progress(request: StaffRequest, run: "ImportFile", *, run_page: str) -> HttpResponse:
    """Show how far an import is; when it is over, have its page shown anew."""
    if run.is_busy:
        context = describe_progress(run, run_page)
        return render_page(request, "web/shared/import_progress.html", context)
    url = reverse(run_page, args=[run.pk])
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def describe_progress(run: "ImportFile", run_page: str) -> dict[str, Any]:
    """Return what the progress of an import shows; its pages are named after ``run_page``."""
    noun = run_page.removesuffix("_run")
    return {
        "run": run,
        "done": number_format(run.done_rows, force_grouping=True),
        "total": number_format(run.total_rows, force_grouping=True),
        "page_url": reverse(run_page, args=[run.pk]),
        "progress_url": reverse(f"{noun}_progress", args=[run.pk]),
        "cancel_url": reverse(f"{noun}_cancel", args=[run.pk]),
    }
