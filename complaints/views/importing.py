"""Complaints from a file: choose it, look at it, bring it in, see what became of every row."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from complaints.choices import ImportState
from complaints.domain import imports as domain
from complaints.forms import ImportFileForm, ImportMappingForm
from complaints.models import CaseImport
from core import web
from stores.access import requires


@requires("complaints.import")
def imports(request):
    """Take a file in; below, the files that came before."""
    form = ImportFileForm(request.POST or None, request.FILES or None)

    def begin(data):
        upload = data["file"]
        return domain.begin_import(
            store=request.staff.store, data=upload.read(), filename=upload.name, source=data["source"], by=request.staff
        )

    runs = CaseImport.objects.select_related("by").order_by("-id")
    return web.handle(
        request,
        form,
        begin,
        template="complaints/imports.html",
        context={"page": web.page_of(request, runs, 20)},
        done=lambda run: reverse("complaints:import_run", args=[run.pk]),
    )


@requires("complaints.import")
def import_run(request, pk):
    """One file: mapping and preview before it comes in, progress and errors afterwards."""
    run = get_object_or_404(CaseImport.objects.select_related("by"), pk=pk)
    if run.state != ImportState.PREVIEW and request.method != "POST":
        return render(request, "complaints/import_run.html", {"run": run})
    seen = domain.preview(run)
    form = ImportMappingForm(request.POST or None, columns=seen["columns"], initial=run.mapping)
    if request.method == "POST" and "look" in request.POST and form.is_valid():
        # Looking again at the preview with another mapping writes nothing.
        return render(
            request,
            "complaints/import_run.html",
            {"run": run, "form": form, **domain.preview(run, mapping=form.mapping)},
        )
    return web.handle(
        request,
        form,
        lambda data: domain.start_import(run, mapping=form.mapping),
        template="complaints/import_run.html",
        context={"run": run, **seen},
        done=reverse("complaints:import_run", args=[run.pk]),
    )


@requires("complaints.import")
def import_progress(request, pk):
    """The moving part of a run; polling ends when it is over."""
    run = get_object_or_404(CaseImport, pk=pk)
    over = run.state in (ImportState.DONE, ImportState.FAILED)

    def show() -> HttpResponse:
        return render(request, "complaints/_import_progress.html", {"run": run})

    return web.polled(request, f"{run.state}-{run.done}", show, stop=over)
