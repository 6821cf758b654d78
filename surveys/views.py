"""What customers answered; and making the next version of the questionnaire."""

from __future__ import annotations

from datetime import timedelta

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock, web
from stores.access import requires
from surveys import domain as surveys
from surveys import queries
from surveys.forms import AnswerFilter, ItemForm, WeightsForm
from surveys.models import Item, Questionnaire
from surveys.rules import LOW

VIEW, EDIT = "surveys.view", "surveys.edit"
PER_PAGE = 50
RATE_DAYS = 30


@requires(VIEW)
@require_safe
def answers(request):
    """Answers, the newest first, narrowed by the address."""
    form = AnswerFilter(request.GET or None, advisors=queries.advisors)
    rows = queries.responses()
    if form.is_bound and form.is_valid():
        rows = queries.narrowed(rows, form.cleaned_data, request.staff.store.tz)
    answered, invited = queries.invited_share(clock.now() - timedelta(days=RATE_DAYS))
    context = {
        "page": web.page_of(request, rows, PER_PAGE),
        "form": form,
        "answered": answered,
        "invited": invited,
        "waiting": queries.still_open(),
        "may_edit": request.staff.may(EDIT),
    }
    return render(request, "surveys/answers.html", context)


@requires(VIEW)
@require_safe
def answer(request, pk):
    """One answer with every mark, and what followed from it."""
    response = get_object_or_404(queries.responses().select_related("technician", "taken_by", "questionnaire"), pk=pk)
    scores = dict(response.factor_scores.values_list("code", "score"))
    groups: dict[int | None, dict] = {}
    for row in queries.answers(response):
        factor = row.item.factor
        group = groups.setdefault(
            row.item.factor_id,
            {
                "name": factor.name if factor else _("All in all"),
                "score": scores.get(factor.code) if factor else None,
                "rows": [],
            },
        )
        group["rows"].append(row)
    context = {
        "response": response,
        "visit": response.visit,
        "groups": groups.values(),
        "see_case": request.staff.may("complaints.work"),
        "low": LOW,
    }
    return render(request, "surveys/answer.html", context)


@requires(EDIT)
@require_safe
def questionnaire(request):
    """The version being worked on; without one, that in force with the button that begins a new version."""
    draft, current = queries.draft(), queries.in_force()
    shown = draft or current
    context = {
        "draft": draft,
        "current": current,
        "items": queries.items(shown) if shown else [],
        "factors": queries.factors(shown) if shown else [],
        "versions": queries.versions(),
    }
    context["total"] = sum(factor.weight for factor in context["factors"])
    return render(request, "surveys/questionnaire.html", context)


@requires(EDIT)
@require_safe
def version(request, pk):
    """A version to read, also one no longer in force."""
    shown = get_object_or_404(Questionnaire, pk=pk)
    context = {"questionnaire": shown, "items": queries.items(shown), "factors": queries.factors(shown)}
    return render(request, "surveys/version.html", context)


@requires(EDIT)
def begin(request):
    return web.act(request, lambda: surveys.draft(by=request.staff), done=_page())


@requires(EDIT)
def publish(request, pk):
    draft = _draft(pk)
    return web.act(request, lambda: surveys.publish(draft, by=request.staff), done=_page())


@requires(EDIT)
def discard(request, pk):
    draft = _draft(pk)
    return web.act(request, lambda: surveys.discard(draft, by=request.staff), done=_page())


@requires(EDIT)
def weights(request, pk):
    draft = _draft(pk)
    return _form_page(
        request,
        WeightsForm(questionnaire=draft),
        _("Weights of the factors"),
        lambda data: surveys.set_weights(draft, weights=data, by=request.staff),
    )


@requires(EDIT)
def add_item(request, pk):
    draft = _draft(pk)
    form = ItemForm()
    return _form_page(
        request, form, _("New question"), lambda data: surveys.add_item(draft, item=form.item(), by=request.staff)
    )


@requires(EDIT)
def item(request, pk):
    row = _item(pk)
    form = ItemForm(item=row)
    return _form_page(
        request, form, _("Change question"), lambda data: surveys.change_item(row, item=form.item(), by=request.staff)
    )


@requires(EDIT)
def move(request, pk, way):
    row = _item(pk)
    return web.act(
        request,
        lambda: surveys.move_item(row, up=way == "up", by=request.staff),
        done=f"{_page()}#item-{row.pk}",
    )


@requires(EDIT)
def remove(request, pk):
    row = _item(pk)
    return web.act(request, lambda: surveys.remove_item(row, by=request.staff), done=_page())


def _form_page(request, form, title, act):
    context = {"title": title, "back": _page()}
    return web.handle(request, form, act, template="surveys/form.html", context=context, done=_page())


def _page() -> str:
    return reverse("surveys:questionnaire")


def _draft(pk: int) -> Questionnaire:
    return get_object_or_404(Questionnaire, pk=pk)


def _item(pk: int) -> Item:
    return get_object_or_404(Item.objects.select_related("questionnaire", "factor"), pk=pk)
