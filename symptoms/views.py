"""Staff edit the symptom tree, try it, and see how often it was right."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, web
from stores.access import requires
from symptoms import domain as symptoms
from symptoms import queries
from symptoms.forms import ChoiceForm, QuestionForm, ResultForm, SpanForm
from symptoms.models import Choice, Question, Result, TreeVersion
from symptoms.rules import MAX_QUESTIONS

EDIT = "symptoms.edit"
SPAN = timedelta(days=90)


@requires(EDIT)
def versions(request):
    """The version customers are asked by, a draft where somebody works on one, and those before."""
    rows = list(queries.versions())
    return render(
        request,
        "symptoms/list.html",
        {"rows": rows, "draft": next((row for row in rows if row.published_at is None), None)},
    )


@requires(EDIT)
def begin(request):
    return web.act(request, lambda: symptoms.draft(by=request.staff), done=_page)


@requires(EDIT)
def tree(request, pk):
    """A version question by question; a draft with what is wrong with it and with everything to change it."""
    row = get_object_or_404(TreeVersion, pk=pk)
    editable = row.published_at is None
    context = {
        "tree": row,
        "editable": editable,
        "questions": queries.questions(row),
        "results": queries.results(row),
        "faults": symptoms.faults(row) if editable else [],
    }
    return render(request, "symptoms/tree.html", context)


@requires(EDIT)
def try_out(request, pk):
    """Answer a version as a customer would; nothing is kept."""
    row = get_object_or_404(TreeVersion, pk=pk)
    walked = queries.walk(row, queries.read_path(request.GET.get("path", "")))
    if walked is None:
        raise Http404
    context = {
        "tree": row,
        "walk": walked,
        "path": "".join(f"{choice}." for choice in walked.choices),
        "number": len(walked.steps) + 1,
        "most": MAX_QUESTIONS,
        "estimate": queries.estimate(walked.result, request.staff.store) if walked.result else None,
    }
    return render(request, "symptoms/try.html", context)


@requires(EDIT)
def publish(request, pk):
    draft = _draft(pk)
    return web.act(request, lambda: symptoms.publish(draft, by=request.staff), done=reverse("symptoms:list"))


@requires(EDIT)
def discard(request, pk):
    draft = _draft(pk)
    return web.act(request, lambda: symptoms.discard(draft, by=request.staff), done=reverse("symptoms:list"))


@requires(EDIT)
def add_question(request, pk):
    draft = _draft(pk)
    return _form_page(
        request,
        QuestionForm(),
        draft,
        _("New question"),
        lambda data: symptoms.add_question(draft, by=request.staff, **data),
    )


@requires(EDIT)
def question(request, pk):
    row = _row(Question, pk)
    return _form_page(
        request,
        QuestionForm(question=row),
        row.tree,
        _("Change question"),
        lambda data: symptoms.change_question(row, by=request.staff, **data),
        anchor=f"q{row.pk}",
    )


@requires(EDIT)
def remove_question(request, pk):
    row = _row(Question, pk)
    return web.act(request, lambda: symptoms.remove_question(row, by=request.staff), done=_page(row.tree))


@requires(EDIT)
def add_choice(request, pk):
    row = _row(Question, pk)
    form = ChoiceForm(tree=row.tree, question=row)
    return _form_page(
        request,
        form,
        row.tree,
        _("New answer to “%(question)s”") % {"question": row.name},
        lambda data: symptoms.add_choice(row, choice=form.choice(), by=request.staff),
        anchor=f"q{row.pk}",
    )


@requires(EDIT)
def choice(request, pk):
    row = _row(Choice, pk)
    form = ChoiceForm(tree=row.question.tree, question=row.question, choice=row)
    return _form_page(
        request,
        form,
        row.question.tree,
        _("Change answer"),
        lambda data: symptoms.change_choice(row, choice=form.choice(), by=request.staff),
        anchor=f"q{row.question_id}",
    )


@requires(EDIT)
def move_choice(request, pk, way):
    row = _row(Choice, pk)
    return web.act(
        request,
        lambda: symptoms.move_choice(row, up=way == "up", by=request.staff),
        done=f"{_page(row.question.tree)}#q{row.question_id}",
    )


@requires(EDIT)
def remove_choice(request, pk):
    row = _row(Choice, pk)
    done = f"{_page(row.question.tree)}#q{row.question_id}"
    return web.act(request, lambda: symptoms.remove_choice(row, by=request.staff), done=done)


@requires(EDIT)
def add_result(request, pk):
    draft = _draft(pk)
    form = ResultForm()
    return _form_page(
        request,
        form,
        draft,
        _("New result"),
        lambda data: symptoms.add_result(draft, result=form.result(), by=request.staff),
        anchor="results",
    )


@requires(EDIT)
def result(request, pk):
    row = _row(Result, pk)
    form = ResultForm(row=row)
    return _form_page(
        request,
        form,
        row.tree,
        _("Change result"),
        lambda data: symptoms.change_result(row, result=form.result(), by=request.staff),
        anchor=f"r{row.pk}",
    )


@requires(EDIT)
def remove_result(request, pk):
    row = _row(Result, pk)
    return web.act(request, lambda: symptoms.remove_result(row, by=request.staff), done=_page(row.tree))


@requires(EDIT)
def agreement(request):
    """How often the workshop found what the check had said, per result, and where it did not."""
    today = clock.local_day(request.staff.store.tz)
    span = {"since": today - SPAN, "until": today}
    form = SpanForm(request.GET or None, initial=span)
    if form.is_bound and form.is_valid():
        span |= {key: value for key, value in form.cleaned_data.items() if value}
    rows = queries.agreement(request.staff.store, **span)
    context = {
        "form": form,
        "rows": rows,
        "n": sum(row.n for row in rows),
        "hit": sum(row.hit for row in rows),
        "missed": queries.missed(request.staff.store, since=span["since"]),
        **span,
    }
    return render(request, "symptoms/agreement.html", context)


def _form_page(request, form, tree, title, act, *, anchor=""):
    back = _page(tree) + (f"#{anchor}" if anchor else "")
    context = {"title": title, "tree": tree, "back": back}
    return web.handle(request, form, act, template="symptoms/form.html", context=context, done=back)


def _page(row: TreeVersion) -> str:
    return reverse("symptoms:tree", args=[row.pk])


def _draft(pk: int) -> TreeVersion:
    return get_object_or_404(TreeVersion, pk=pk)


def _row(model, pk: int):
    key = "question__tree" if model is Choice else "tree"
    return get_object_or_404(model.objects.select_related(key), pk=pk)
