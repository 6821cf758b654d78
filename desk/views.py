"""Pages that show the store across its stages: homes, board, search, the visit, the customer's file."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints import domain as complaints
from complaints.forms import VoiceForm
from core import web
from core.caching import kept
from core.errors import Conflict
from core.stages import Stage
from customers import domain as customers
from customers.models import Customer
from desk import customer_file, homes, queries, visit_page
from desk.forms import LinkForm, NeedForm, PromiseForm, ReasonForm, SettleNeedForm, TellForm
from desk.navigation import HOMES
from journal import domain as journal
from journal.models import SetAside
from reception import domain as reception
from repairs.queries.risks import risks
from stores.access import SESSION_STORE, requires
from visits import domain as visits
from visits.models import Need, Promise, Visit

LANES_SECONDS, VISIT_SECONDS = 60, 600


@requires("desk.home")
def home(request):
    """Where this role's work is: its own page in a stage, or the lists of `desk.homes`."""
    if url_name := HOMES.get(request.staff.role_code):
        return redirect(url_name)
    return render(request, "desk/home.html", homes.home(request.staff))


@requires("desk.view_board")
def board(request):
    return render(request, "desk/board.html", {"lanes_html": _lanes_html(request)})


@requires("desk.view_board")
def board_lanes(request):
    """The board's moving part, polled; answered 304 while nothing changed."""
    state = queries.board_state(request.staff.store)
    return web.polled(request, state, lambda: HttpResponse(_lanes_html(request, state)))


def _lanes_html(request, state: str | None = None) -> str:
    # Every screen in the store shows the same lanes.
    store = request.staff.store
    state = state or queries.board_state(store)
    return kept(
        request, f"board:{state}", "desk/_lanes.html", lambda: {"lanes": queries.lanes(store)}, seconds=LANES_SECONDS
    )


@requires("desk.search")
def search(request):
    """Plate tail, phone tail, VIN end, name or pinyin; htmx gets the list under the box."""
    text = request.GET.get("q", "").strip()
    results = queries.search(text) if text else []
    context = {"results": results, "query": text}
    if web.is_htmx(request):
        return render(request, "_components/search_results.html", context)
    if len(results) == 1 and request.GET.get("open"):
        return redirect(results[0]["url"])
    return render(request, "desk/search.html", context)


@requires("desk.say")
def say(request):
    """“Customer said …”: plate, words, problem / praise / idea."""
    store = request.staff.store

    def take(data):
        return complaints.take_voice(store=store, by=request.staff, **data)

    def done(voice):
        messages.success(
            request,
            _("Written down. A problem has an owner and a clock now; praise goes to the person."),
        )
        return web.back_url(request)

    form = VoiceForm(request.POST or None, initial={"plate": request.GET.get("plate", "")})
    return web.handle(
        request,
        form,
        take,
        template="desk/say.html",
        context={"frame": web.frame(request)},
        done=done,
    )


# --- The visit -----------------------------------------------------------------------------------------------------


def _visit(request, pk: int) -> Visit:
    found = get_object_or_404(Visit.objects.select_related("customer", "vehicle", "advisor", "follow_up"), pk=pk)
    # Of this store, or it had not been found.
    found.store = request.staff.store
    return found


@requires("desk.view_visit")
def visit(request, pk):
    visit = _visit(request, pk)
    return render(request, "desk/visit.html", {"visit": visit, "body": _visit_html(request, visit)})


def _visit_html(request, visit: Visit) -> str:
    # Colleagues with the same rights see the same page, and most visits rest.
    seen = visit_page.has(visit)
    key = visit_page.state(visit, seen, staff=request.staff)

    def context() -> dict:
        return visit_page.context(visit, seen, staff=request.staff)

    return kept(request, key, "desk/_visit.html", context, seconds=VISIT_SECONDS)


def _dialog(request, form, act, *, visit, title, button, lead=""):
    """A small form about a visit, as a dialog or as a page of its own; afterwards back to the visit."""
    context = {
        "visit": visit,
        "frame": web.frame(request),
        "title": title,
        "button": button,
        "lead": lead,
    }
    done = reverse("desk:visit", args=[visit.pk])
    return web.handle(request, form, act, template="desk/visit_form.html", context=context, done=done)


@requires("visits.need")
def add_need(request, pk):
    visit = _visit(request, pk)
    return _dialog(
        request,
        NeedForm(request.POST or None),
        lambda data: visits.add_need(visit, by=request.staff, **data),
        visit=visit,
        title=_("What the customer asks for"),
        button=_("Write down"),
    )


@requires("visits.need")
def settle_need(request, pk, need_pk):
    need = get_object_or_404(Need.objects.select_related("visit"), pk=need_pk, visit_id=pk)
    return _dialog(
        request,
        SettleNeedForm(request.POST or None),
        lambda data: visits.settle_need(need, by=request.staff, **data),
        visit=need.visit,
        title=_("Settle the request"),
        button=_("Settle"),
        lead=need.words,
    )


@requires("visits.promise")
def promise(request, pk):
    visit = _visit(request, pk)
    earliest = reception.new_time(visit)
    return _dialog(
        request,
        PromiseForm(
            request.POST or None,
            earliest=earliest,
            initial={"at": visit.promised_at},
            version=visit.version,
        ),
        lambda data: visits.promise(
            visit, by=request.staff, computed_at=earliest.at, early_reason=data["reason"], **data
        ),
        visit=visit,
        title=_("Promise a ready time"),
        button=_("Promise"),
    )


@require_POST
@requires("visits.promise")
def move_promise(request, pk):
    """One click: the computed new time is promised and sent with the reason, before the old time runs out."""
    visit = _visit(request, pk)
    risk = risks(visit.store, [visit]).get(visit.pk)

    def tell():
        if risk is None:
            raise Conflict(_("This promise is in no danger as things stand."), code="no_risk")
        row = reception.tell_new_time(visit, reason=risk.sentence, not_before=risk.not_before, by=request.staff)
        local = row.new_at.astimezone(visit.store.tz)
        messages.success(request, _("The customer is told: ready %(time)s.") % {"time": f"{local:%m-%d %H:%M}"})

    return web.act(request, tell, done=reverse("desk:visit", args=[pk]))


@requires("visits.tell_customer")
def tell_promise(request, pk, promise_pk):
    row = get_object_or_404(Promise.objects.select_related("visit"), pk=promise_pk, visit_id=pk)
    return web.act(
        request,
        lambda: visits.tell_promise(row, how=request.POST.get("how") or "phone", by=request.staff),
        done=reverse("desk:visit", args=[pk]),
    )


@requires("visits.tell_customer")
def tell_customer(request, pk):
    visit = _visit(request, pk)
    return _dialog(
        request,
        TellForm(request.POST or None),
        lambda data: visits.tell_customer(visit, by=request.staff, **data),
        visit=visit,
        title=_("Tell the customer how things stand"),
        button=_("Told"),
    )


@requires("visits.tell_customer")
def send_link(request, pk):
    visit = _visit(request, pk)
    return _dialog(
        request,
        LinkForm(request.POST or None),
        lambda data: visits.send_link(visit, by=request.staff, **data),
        visit=visit,
        title=_("Send the customer's link"),
        button=_("Send"),
    )


@requires("visits.cancel")
def cancel(request, pk):
    """A booking ends as cancelled, a car already here leaves without service; both say why."""
    visit = _visit(request, pk)
    if visit.stage == Stage.BOOKING:
        return (
            redirect("appointments:cancel", pk=visit.appointment.pk)
            if hasattr(visit, "appointment")
            else _end(request, visit, Stage.CANCELLED)
        )
    return _end(request, visit, Stage.LEFT_WITHOUT_SERVICE)


def _end(request, visit, to):
    return _dialog(
        request,
        ReasonForm(request.POST or None, version=visit.version),
        lambda data: visits.advance(visit, to=to, by=request.staff, **data),
        visit=visit,
        title=_("End the visit: %(stage)s") % {"stage": to.label},
        button=_("End the visit"),
    )


# --- Customer, group, operation ------------------------------------------------------------------------------------


@requires("desk.view_customer")
def customer(request, pk):
    """One page for customer and car; that it was opened is written down (personal data)."""
    person = get_object_or_404(Customer.objects.select_related("preferred_advisor"), pk=pk)
    context = customer_file.context(person, staff=request.staff)
    customers.note_file_opened(person, staff=request.staff, page="desk:customer")
    return render(request, "desk/customer.html", context)


@requires("desk.dead_letters")
def dead_letters(request):
    """Events that a reaction could not digest, and messages that failed: seen, run again, or dismissed."""
    return render(request, "desk/dead_letters.html", queries.set_aside(request.staff.store))


def _aside(request, pk: int) -> SetAside:
    aside = queries.aside_of_store(pk, request.staff.store)
    if aside is None:
        raise Http404
    return aside


@requires("desk.dead_letters")
def retry(request, pk):
    return web.act(
        request,
        lambda: journal.retry(_aside(request, pk), by=request.staff),
        done=reverse("desk:dead_letters"),
    )


@requires("desk.dead_letters")
def dismiss(request, pk):
    return web.act(
        request,
        lambda: journal.dismiss(_aside(request, pk), by=request.staff),
        done=reverse("desk:dead_letters"),
    )


@requires("desk.home")
@require_POST
def choose_store(request):
    """A person with several stores works in one at a time."""
    chosen = next(
        (s for s in request.all_staff if str(s.store_id) == request.POST.get("store")),
        None,
    )
    if chosen is None:
        raise Http404
    request.session[SESSION_STORE] = chosen.store_id
    return redirect("desk:home")
