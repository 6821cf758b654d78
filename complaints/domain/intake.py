"""A complaint written by the customer himself: from the store's public form, from his visit's link, or on his case's page."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from appointments import domain as appointments
from complaints.choices import AnswerChannel, CaseSource, CategoryCode, EntryKind, PlanAnswer, Severity
from complaints.domain import links
from complaints.domain.cases import open_case, said
from complaints.domain.locking import entry, lock_open
from complaints.domain.plans import answer_plan
from complaints.models import Case, CaseEntry, RecoveryPlan
from complaints.queries import visit_of_plate
from core.actors import Actor
from customers import domain as customers
from messaging import domain as messaging
from stores.models import Store
from visits.models import Visit

FORM = Actor.system("complaint_form")
ANSWER, WRITE = "complaints.answer", "complaints.write"


@transaction.atomic
def file_complaint(
    *, store: Store, name: str, phone: str, words: str, token: UUID, plate: str = "", category: CategoryCode | str = ""
) -> Case:
    """A complaint from the public form, where anybody may type anybody's number; the same `token` gives the same case.

    A person on file is recognised only by his phone and the plate of his own car: then the case belongs to his newest visit.
    Otherwise he is taken down anew, nothing on file is told or overwritten, and the case stands alone.
    """
    words = said(words)
    customer = vehicle = visit = None
    if plate:
        caller = appointments.Caller(name=name, phone=phone, plate=plate)
        customer, vehicle = appointments.stranger(store=store, caller=caller)
        visit = visit_of_plate(plate)
        if visit and visit.customer_id != customer.pk:
            visit = None
    else:
        customer = customers.register_customer(store=store, name=name, phone=phone, by=FORM)
    case = open_case(
        store=store,
        words=words,
        source=CaseSource.WEB,
        by=Actor.customer(customer.pk),
        visit=visit,
        customer=customer,
        vehicle=vehicle,
        severity=Severity.L2,
        category=category,
        token=token,
    )
    _confirm(case)
    return case


def complain(visit: Visit, *, words: str, token: UUID) -> Case:
    """A complaint by the link of a visit; joins the visit's open case."""
    with transaction.atomic():
        case = open_case(
            store=visit.store,
            words=words,
            source=CaseSource.WEB,
            by=Actor.customer(visit.customer_id),
            visit=visit,
            severity=Severity.L2,
            token=token,
        )
        _confirm(case)
    return case


def _confirm(case: Case) -> None:
    """Tell him once that it arrived, with the link to his case."""
    if case.customer is None:
        return
    messaging.send(
        store=case.store,
        template="case_received",
        customer=case.customer,
        params={"number": case.number, "at": case.first_response_due_at, "link": links.link_address(case)},
        dedupe_key=f"case_received:{case.pk}",
        visit_id=case.visit_id,
    )


@transaction.atomic
def write(case: Case, *, words: str, write_token: str) -> CaseEntry:
    """The customer adds something on his case's page."""
    case = lock_open(case)
    links.use_token(write_token, case=case, action=WRITE, version=str(case.pk))
    return entry(case, EntryKind.CUSTOMER, said(words), None)


def offer_write(case: Case) -> str:
    return links.make_token(case, action=WRITE, version=str(case.pk))


def offer_answer(plan: RecoveryPlan) -> str:
    """A one-use token to answer this plan as it was shown."""
    return links.make_token(plan.case, action=ANSWER, version=str(plan.pk))


@transaction.atomic
def answer_by_link(plan: RecoveryPlan, *, answer: PlanAnswer | str, words: str, write_token: str) -> RecoveryPlan:
    """The customer's answer from his page. Token and answer stand or fall together."""
    links.use_token(write_token, case=plan.case, action=ANSWER, version=str(plan.pk))
    by = Actor.customer(plan.case.customer_id) if plan.case.customer_id else Actor.system("case_link")
    return answer_plan(plan, answer=answer, channel=AnswerChannel.LINK, by=by, words=words)
