"""The service standard: what is in force, and making the next version of a checklist."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import web
from standards import domain as standards
from standards import queries
from standards.choices import ChecklistUse
from standards.forms import ItemForm, NameForm, group_of
from standards.models import Checklist, ChecklistItem
from stores.access import requires

EDIT = "standards.edit"


@requires(EDIT)
def checklists(request):
    """Every use with its version in force, a draft where somebody works on one, and the versions before."""
    by_use = {use: {"use": use, "current": None, "draft": None, "earlier": []} for use in ChecklistUse}
    for checklist in queries.overview():
        row = by_use[ChecklistUse(checklist.use)]
        if checklist.published_at is None:
            row["draft"] = checklist
        elif checklist.retired_at is None:
            row["current"] = checklist
        else:
            row["earlier"].append(checklist)
    return render(request, "standards/list.html", {"rows": by_use.values()})


@requires(EDIT)
def edit(request, use):
    """The version being worked on; without one, the list in force with the button that begins a new version."""
    use = _use(use)
    draft = queries.draft_of(use)
    current = queries.in_force(use)
    context = {"use": use, "draft": draft, "current": current, "items": _rows(draft or current)}
    return render(request, "standards/edit.html", context)


@requires(EDIT)
def version(request, pk):
    """A version to read, also one no longer in force."""
    checklist = get_object_or_404(Checklist, pk=pk)
    return render(request, "standards/version.html", {"checklist": checklist, "items": _rows(checklist)})


@requires(EDIT)
def begin(request, use):
    use = _use(use)
    return web.act(request, lambda: standards.draft(use=use, by=request.staff), done=_page(use))


@requires(EDIT)
def publish(request, pk):
    draft = _draft(pk)
    done = reverse("standards:list")
    return web.act(request, lambda: standards.publish(draft, by=request.staff), done=done)


@requires(EDIT)
def discard(request, pk):
    draft = _draft(pk)
    return web.act(request, lambda: standards.discard(draft, by=request.staff), done=_page(draft.use))


@requires(EDIT)
def rename(request, pk):
    draft = _draft(pk)
    form = NameForm(initial={"name_zh": draft.name_zh, "name_en": draft.name_en})
    return _form_page(
        request, form, draft, _("Name of the checklist"), lambda data: standards.rename(draft, by=request.staff, **data)
    )


@requires(EDIT)
def add_item(request, pk):
    draft = _draft(pk)
    form = ItemForm(use=draft.use)
    return _form_page(
        request,
        form,
        draft,
        _("New check item"),
        lambda data: standards.add_item(draft, item=form.item(), by=request.staff),
    )


@requires(EDIT)
def item(request, pk):
    row = _item(pk)
    form = ItemForm(use=row.checklist.use, item=row)
    return _form_page(
        request,
        form,
        row.checklist,
        _("Change item"),
        lambda data: standards.change_item(row, item=form.item(), by=request.staff),
    )


@requires(EDIT)
def move(request, pk, way):
    row = _item(pk)
    return web.act(
        request,
        lambda: standards.move_item(row, up=way == "up", by=request.staff),
        done=f"{_page(row.checklist.use)}#item-{row.pk}",
    )


@requires(EDIT)
def remove(request, pk):
    row = _item(pk)
    return web.act(request, lambda: standards.remove_item(row, by=request.staff), done=_page(row.checklist.use))


def _form_page(request, form, draft, title, act):
    context = {"title": title, "draft": draft, "back": _page(draft.use)}
    return web.handle(request, form, act, template="standards/form.html", context=context, done=_page(draft.use))


def _rows(checklist: Checklist) -> list[ChecklistItem]:
    rows = queries.items(checklist)
    for row in rows:
        row.group = group_of(row)
    return rows


def _use(text: str) -> ChecklistUse:
    if text not in ChecklistUse.values:
        raise Http404
    return ChecklistUse(text)


def _draft(pk: int) -> Checklist:
    return get_object_or_404(Checklist, pk=pk)


def _item(pk: int) -> ChecklistItem:
    return get_object_or_404(ChecklistItem.objects.select_related("checklist"), pk=pk)


def _page(use: str) -> str:
    return reverse("standards:edit", args=[use])
