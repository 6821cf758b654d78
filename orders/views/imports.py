"""Repair history from a file: choose it, look at it, bring it in, see what became of every row."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from core import web
from orders.choices import ImportState
from orders.domain import imports as domain
from orders.forms import ImportFileForm, ImportMappingForm
from orders.models import ImportRun
from stores.access import requires


@requires("desk.import_history")
def imports(request):
    """Take a file in; below, the files that came before."""
    form = ImportFileForm(request.POST or None, request.FILES or None)

    def begin(data):
        upload = data["file"]
        return domain.begin_import(
            store=request.staff.store, data=upload.read(), filename=upload.name, source=data["source"], by=request.staff
        )

    runs = ImportRun.objects.select_related("by").order_by("-id")
    return web.handle(
        request,
        form,
        begin,
        template="orders/imports.html",
        context={"page": web.page_of(request, runs, 20)},
        done=lambda run: reverse("orders:import_run", args=[run.pk]),
    )


@requires("desk.import_history")
def import_run(request, pk):
    """One file: mapping and preview before it comes in, progress and errors afterwards."""
    run = get_object_or_404(ImportRun.objects.select_related("by"), pk=pk)
    if run.state != ImportState.PREVIEW and request.method != "POST":
        return render(request, "orders/import_run.html", {"run": run})
    seen = domain.preview(run)
    form = ImportMappingForm(
        request.POST or None, columns=seen["columns"], initial={**run.mapping, "currency": run.currency}
    )
    if request.method == "POST" and "look" in request.POST and form.is_valid():
        # Looking again at the preview with another mapping writes nothing.
        return render(
            request, "orders/import_run.html", {"run": run, "form": form, **domain.preview(run, mapping=form.mapping)}
        )

    def start(data):
        return domain.start_import(run, mapping=form.mapping, currency=data["currency"], by=request.staff)

    done = reverse("orders:import_run", args=[run.pk])
    return web.handle(request, form, start, template="orders/import_run.html", context={"run": run, **seen}, done=done)


@requires("desk.import_history")
def import_progress(request, pk):
    """The moving part of a run; polling ends when it is over."""
    run = get_object_or_404(ImportRun, pk=pk)
    over = run.state in (ImportState.DONE, ImportState.FAILED)

    def show() -> HttpResponse:
        return render(request, "orders/_import_progress.html", {"run": run})

    return web.polled(request, f"{run.state}-{run.done}", show, stop=over)
