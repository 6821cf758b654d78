"""A complaint on the customer's phone: the public form, the form by the visit's link, and the case's own page by link.

Opening any of them changes nothing, so that a scanner of links may. What counts is sent in two steps: what he chose is shown
once more with a secret made for that one answer, and only sending that writes. Without scripts.
"""

from __future__ import annotations

from uuid import uuid4

from crispy_forms.layout import Div, Layout
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from complaints import domain as complaints
from complaints import gates, rules
from complaints.choices import CaseState, CategoryCode, EntryKind, PlanAnswer, PlanState
from complaints.models import Case, CaseLink, RecoveryPlan
from complaints.queries import case_link
from core import limits
from core.errors import DomainError
from core.forms import CrispyForm, PhoneField, PlateField
from core.web import SEE_OTHER, UNPROCESSABLE
from portal.access import GONE, STATUS_OF, customer_page, own_link
from stores.access import in_store
from stores.models import Store
from visits.models import VisitLink

# As for bookings: many phones share one address of a mobile network, one person does not complain six times a day.
PER_ADDRESS, PER_ADDRESS_SECONDS = 60, 3600
PER_PHONE, PER_PHONE_SECONDS = 5, 24 * 3600
LOOKS, LOOKS_SECONDS = 600, 600
TOO_MANY = 429
# What a customer chooses from: his words for it, not ours.
OFFERED = [
    CategoryCode.REPAIR_QUALITY,
    CategoryCode.REPAIR_PRICE,
    CategoryCode.REPAIR_TIME,
    CategoryCode.ATTITUDE,
    CategoryCode.PARTS,
    CategoryCode.UNAPPROVED,
    CategoryCode.PROMISE_BROKEN,
    CategoryCode.WASH,
    CategoryCode.PRIVACY,
    CategoryCode.PRODUCT,
    CategoryCode.OTHER,
]


class WordsForm(CrispyForm):
    """What went wrong, in his own words."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("What happened, and what would be right?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("token", uuid4())
        # No session stands behind these pages: the link, or the limits of the public form, guard them.
        self.helper.disable_csrf = True


class ComplaintForm(WordsForm):
    """The public form: who, which car, what about."""

    category = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        required=False,
        choices=[("", gettext_lazy("I do not know")), *((code.value, code.label) for code in OFFERED)],
    )
    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = PhoneField(
        label=gettext_lazy("Your mobile phone"),
        autocomplete="tel",
        help_text=gettext_lazy("We answer you at this number."),
    )
    plate = PlateField(label=gettext_lazy("Your number plate (if it is about a car)"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.disable_csrf = False
        self.helper.layout = Layout(
            "token",
            Div("words", "category", css_class="portal-card"),
            Div("name", "phone", "plate", css_class="portal-card"),
        )


@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest, code: str) -> HttpResponse:
    """The store's public form. What it answers does not tell whether somebody is known here; 429 for who sends too much."""
    store = get_object_or_404(Store, code=code)
    with in_store(store), timezone.override(store.tz):
        address = limits.client_ip(request)
        if request.method == "POST":
            if limits.exceeded("complain", address, limit=PER_ADDRESS, seconds=PER_ADDRESS_SECONDS):
                return _too_many(request, store, PER_ADDRESS_SECONDS)
            return _private(_filed(request, store))
        if limits.exceeded("complain-look", address, limit=LOOKS, seconds=LOOKS_SECONDS):
            return _too_many(request, store, LOOKS_SECONDS)
        return _private(render(request, "portal/complain.html", {"store": store, "form": ComplaintForm()}))


def _filed(request: HttpRequest, store: Store) -> HttpResponse:
    form = ComplaintForm(request.POST)
    context = {"store": store, "form": form}
    if not form.is_valid():
        return render(request, "portal/complain.html", context, status=UNPROCESSABLE)
    phone = form.cleaned_data["phone"]
    if limits.exceeded("complain-phone", f"{store.pk}:{phone}", limit=PER_PHONE, seconds=PER_PHONE_SECONDS):
        return _too_many(request, store, PER_PHONE_SECONDS)
    try:
        case = complaints.file_complaint(store=store, **form.cleaned_data)
    except DomainError as error:
        form.add_error(None, str(error))
        return render(request, "portal/complain.html", context, status=error.status)
    return _see(reverse("portal:case", args=[complaints.make_link(case)]))


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def complain_visit(request: HttpRequest, link: VisitLink, **kwargs) -> HttpResponse:
    """By the visit's link: his open case as it stands, or the form for a new one."""
    visit = link.visit
    case = visit.cases.exclude(state=CaseState.CLOSED).select_related("store", "vehicle", "visit").first()
    if case and "token" not in request.POST:
        return _case(request, case)
    form = WordsForm(request.POST if request.method == "POST" else None)
    context = {"store": visit.store, "visit": visit, "form": form}
    if request.method != "POST":
        return render(request, "portal/complain.html", context)
    if not form.is_valid():
        return render(request, "portal/complain.html", context, status=UNPROCESSABLE)
    complaints.complain(visit, words=form.cleaned_data["words"], token=form.cleaned_data["token"])
    return _see(request.path)


@require_http_methods(["GET", "HEAD", "POST"])
@own_link(case_link)
def case(request: HttpRequest, link: CaseLink, token: str) -> HttpResponse:
    """The case by its own link: where it stands, the offer to answer, a line to add."""
    if link.revoked_at:
        context = {
            "store": link.store,
            "title": _("This link is no longer valid"),
            "text": _("Call us, and we send you a new one."),
        }
        return render(request, "portal/no_link.html", context, status=GONE)
    return _case(request, link.case)


def _case(request: HttpRequest, row: Case) -> HttpResponse:
    if request.method != "POST":
        return _page(request, row)
    try:
        if request.POST.get("do") == "answer":
            return _answer(request, row)
        return _write(request, row)
    except DomainError as error:
        context = {"store": row.store, "text": str(error), "back": request.path}
        return render(request, "portal/case_refused.html", context, status=STATUS_OF.get(error.code, error.status))


def _page(request: HttpRequest, row: Case, error: str = "") -> HttpResponse:
    plan = _offered(row)
    context = {
        "store": row.store,
        "case": row,
        "plan": plan,
        "asked": bool(plan) and _waits(plan),
        "measures": list(plan.measures.all()) if plan else [],
        "said": list(row.entries.filter(kind__in=[EntryKind.RESPONSE, EntryKind.CUSTOMER])),
        "steps": _steps(row, plan),
        "error": error,
    }
    return render(request, "portal/case.html", context, status=UNPROCESSABLE if error else 200)


def _offered(row: Case) -> RecoveryPlan | None:
    """The plan he may see: approved, or carried out."""
    plan = gates.plan_of_round(row)
    return plan if plan and plan.state in (PlanState.APPROVED, PlanState.EXECUTED) else None


def _waits(plan: RecoveryPlan) -> bool:
    return plan.state == PlanState.APPROVED and not plan.customer_answer and rules.needs_acceptance(plan)


def _steps(row: Case, plan: RecoveryPlan | None) -> list[dict]:
    """Where it stands, in his words: received, answered, offered, done, proven."""
    closed = row.state == CaseState.CLOSED
    done = [
        (_("We have it"), row.opened_at),
        (_("You were answered"), row.first_response_at),
        (_("We made an offer"), plan.approved_at if plan else None),
        (_("It was carried out"), row.resolved_at),
        (_("You say it is good"), row.closed_at),
    ]
    return [{"label": label, "at": at, "done": bool(at) or closed} for label, at in done]


def _answer(request: HttpRequest, row: Case) -> HttpResponse:
    plan = _offered(row)
    answer, words = request.POST.get("answer", ""), request.POST.get("words", "").strip()[:1000]
    if "write" in request.POST and plan is not None:  # the second of the two steps
        complaints.answer_by_link(plan, answer=answer, words=words, write_token=request.POST["write"][:60])
        return _see(request.path)
    if plan is None or not _waits(plan):
        raise DomainError(_("This offer was answered already, or another one took its place."), code="answered")
    if answer not in PlanAnswer.values:
        return _page(request, row, error=_("Please choose whether you accept."))
    if answer == PlanAnswer.DECLINED and not words:
        return _page(request, row, error=_("What would be right instead? Please say it in a few words."))
    context = {"do": "answer", "answer": answer, "plan": plan, "secret": complaints.offer_answer(plan)}
    return _confirm(request, row, words, context)


def _write(request: HttpRequest, row: Case) -> HttpResponse:
    words = request.POST.get("words", "").strip()[:2000]
    if not words:
        return _page(request, row, error=_("Please write a few words first."))
    if row.state == CaseState.CLOSED:
        raise DomainError(_("This case is closed. Call us, or write a new complaint."), code="closed")
    if "write" in request.POST:
        complaints.write(row, words=words, write_token=request.POST["write"][:60])
        return _see(request.path)
    return _confirm(request, row, words, {"do": "write", "secret": complaints.offer_write(row)})


def _confirm(request: HttpRequest, row: Case, words: str, context: dict) -> HttpResponse:
    return render(request, "portal/case_confirm.html", {"store": row.store, "case": row, "words": words, **context})


def _see(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = SEE_OTHER
    return response


def _too_many(request: HttpRequest, store: Store, seconds: int) -> HttpResponse:
    response = render(request, "portal/complain_limited.html", {"store": store}, status=TOO_MANY)
    response["Retry-After"] = str(seconds)
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, no_store=True)
    return response
