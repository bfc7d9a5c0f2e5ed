"""Response templates: list, write, try out."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core import clock
from apps.core.errors import AppError, NotFoundError
from apps.replies import queries, services
from apps.reviews.choices import Flag
from apps.web.replies.forms import TemplateForm, initial_of
from apps.web.shared.render import add_error, back_with
from apps.web.shared.staff import StaffRequest, staff_required

LIST = "web:replies:list"


@staff_required("reviews.reply")
def show_list(request: StaffRequest) -> HttpResponse:
    """Show all response templates."""
    rows = [
        {
            "template": template,
            "flags": [str(Flag(flag).label) for flag in template.flags if flag in Flag.values],
        }
        for template in queries.list_templates()
    ]
    context = {"rows": rows, "can_change": request.actor.can("replies.templates")}
    return render(request, "web/replies/list.html", context)


@staff_required("replies.templates")
def create(request: StaffRequest) -> HttpResponse:
    """Write a new response template."""
    form = TemplateForm(request.POST or None)

    def act(values: dict[str, Any]) -> None:
        values.pop("is_active")
        services.create_template(actor=request.actor, now=clock.now(), **values)

    return _submit(request, form, act, {})


@staff_required("replies.templates")
def edit(request: StaffRequest, template_id: UUID) -> HttpResponse:
    """Change a response template."""
    template = queries.get_template(template_id=template_id)
    form = TemplateForm(request.POST or None, initial=initial_of(template))

    def act(values: dict[str, Any]) -> None:
        services.update_template(template=template, actor=request.actor, now=clock.now(), **values)

    return _submit(request, form, act, {"template": template})


def _submit(
    request: StaffRequest,
    form: TemplateForm,
    act: Callable[[dict[str, Any]], None],
    context: dict[str, Any],
) -> HttpResponse:
    if request.method == "POST":
        form = TemplateForm(request.POST, initial=form.initial)
        if form.is_valid():
            try:
                act(dict(form.cleaned_data))
            except NotFoundError:
                raise
            except AppError as error:
                add_error(form, error)
            else:
                return back_with(request, LIST, message=_("Template kept."))
    body = form["body"].value() or ""
    context |= {"form": form, "fields": queries.FIELDS, **_try_out(str(body))}
    status = 422 if request.method == "POST" else 200
    return render(request, "web/replies/edit.html", context, status=status)


def _try_out(body: str) -> dict[str, str]:
    try:
        return {"shown": queries.preview_template(body) if body.strip() else "", "problem": ""}
    except AppError as error:
        return {"shown": "", "problem": error.message}


@staff_required("replies.templates")
@require_POST
def preview(request: StaffRequest) -> HttpResponse:
    """Show a template as it is being written, filled in; changes nothing."""
    body = request.POST.get("body", "").replace("\x00", "")
    return render(request, "web/replies/preview.html", _try_out(body))


@staff_required("replies.templates")
@require_POST
def delete(request: StaffRequest, template_id: UUID) -> HttpResponse:
    """Remove a response template."""
    template = queries.get_template(template_id=template_id)
    services.delete_template(template=template, actor=request.actor)
    return back_with(request, LIST, message=_("Template removed."))
