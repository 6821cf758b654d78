"""The customer's page: one link for the whole visit. Reading changes nothing; what is asked is answered in two steps."""

from __future__ import annotations

from decimal import Decimal

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.errors import Conflict, DomainError
from core.web import SEE_OTHER, UNPROCESSABLE
from orders.queries import open_pack
from portal import domain, queries
from portal.access import customer_page
from portal.forms import AnswerForm, ConfirmForm
from visits.models import VisitLink
from visits.views import photo_response

# Errors of the digits are shown beside the digits; everything else is a page of its own.
AT_THE_DIGITS = {"wrong_digits"}


@require_safe
@customer_page
def visit(request: HttpRequest, link: VisitLink, **kwargs) -> HttpResponse:
    """Progress, promised time, what is asked, bill, handover notes."""
    return _visit_page(request, link)


@customer_page
def decide(request: HttpRequest, link: VisitLink, **kwargs) -> HttpResponse:
    """First the choice of each item, answered with what it comes to; then the digits, which make it count."""
    if request.method != "POST":
        return HttpResponseRedirect(_address(request))
    pack = open_pack(link.visit)
    if pack is None or request.POST.get("pack") != str(pack.pk):
        raise Conflict(
            _("This was answered already, or the offer has changed. Look at your page again."),
            code="superseded",
        )
    if "write" not in request.POST:  # the first of the two steps
        return _review(request, link, pack)
    return _confirm(request, link, pack)


@require_safe
@customer_page
def photo(request: HttpRequest, link: VisitLink, pk: int, **kwargs) -> HttpResponse:
    """A photo of this visit that its customer may see."""
    found = queries.photo_of(link.visit, pk)
    if found is None:
        raise Http404
    return photo_response(found)


def _visit_page(request: HttpRequest, link: VisitLink, form: AnswerForm | None = None) -> HttpResponse:
    context = queries.page(link.visit)
    if context["pack"]:
        context["form"] = form or AnswerForm(
            items=queries.items(context["pack"]),
            initial={"pack": context["pack"].pk},
        )
        context["form"].show_photos(_token(request))
        context["new_promise"] = queries.promised_in(context["pack"])
    context["token"] = _token(request)
    failed = form is not None and form.errors
    return render(request, "portal/visit.html", context, status=UNPROCESSABLE if failed else 200)


def _review(request: HttpRequest, link: VisitLink, pack) -> HttpResponse:
    form = AnswerForm(request.POST, items=queries.items(pack))
    if not form.is_valid():
        return _visit_page(request, link, form)
    decisions = form.cleaned_data["decisions"]
    confirm = ConfirmForm(
        items=form.items,
        initial={
            "pack": pack.pk,
            "write": domain.offer_answer(link.visit, pack),
            **{f"line-{i}": "yes" if yes else "no" for i, yes in decisions.items()},
        },
    )
    return _confirm_page(request, link, pack, confirm, decisions)


def _confirm(request: HttpRequest, link: VisitLink, pack) -> HttpResponse:
    form = ConfirmForm(request.POST, items=queries.items(pack))
    if not form.is_valid():
        if set(form.errors) - {"tail"}:
            raise DomainError(
                _("This page is no longer valid. Open your link again."),
                code="token_unknown",
            )
        return _confirm_page(request, link, pack, form, form.cleaned_data["decisions"], UNPROCESSABLE)
    data = form.cleaned_data
    try:
        domain.answer(
            link,
            pack,
            write_token=data["write"],
            decisions=data["decisions"],
            reasons=data["reasons"],
            tail=data["tail"],
            ip=request.META.get("REMOTE_ADDR", ""),
            device=request.headers.get("User-Agent", ""),
        )
    except DomainError as error:
        if error.code not in AT_THE_DIGITS:
            raise
        form.add_error("tail", str(error))
        return _confirm_page(request, link, pack, form, data["decisions"], error.status)
    response = HttpResponse(status=SEE_OTHER)
    response["Location"] = _address(request)
    return response


def _confirm_page(
    request,
    link,
    pack,
    form: ConfirmForm,
    decisions: dict[int, bool],
    status: int = 200,
) -> HttpResponse:
    agreed = [item for item in form.items if decisions[item["id"]]]
    declined = [item for item in form.items if not decisions[item["id"]]]
    form.lay_out(decisions)
    return render(
        request,
        "portal/confirm.html",
        {
            "store": link.visit.store,
            "visit": link.visit,
            "token": _token(request),
            "pack": pack,
            "form": form,
            "agreed": agreed,
            "declined": declined,
            "total": sum((item["payable"] for item in agreed), Decimal(0)),
            "new_promise": queries.promised_in(pack) if agreed else None,
        },
        status=status,
    )


def _token(request: HttpRequest) -> str:
    return request.resolver_match.kwargs["token"]


def _address(request: HttpRequest) -> str:
    return reverse("portal:visit", args=[_token(request)])
