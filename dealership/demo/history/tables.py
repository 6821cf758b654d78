"""The tables of the history and the columns its rows name, parents first; every other column gets its model's default."""

from __future__ import annotations

from commitments.models import Measurement
from complaints.models import Case, CaseEntry, Measure, Recheck, RecoveryPlan, SalesFeedback
from customers.models import Consent as Agreed
from customers.models import Customer, OdometerReading, Ownership, Vehicle
from dealership.demo.copying import Rows
from followups.models import CallAttempt, FollowUpCall
from inspections.models import Inspection
from journal.models import Event
from orders.models import Consent, ConsentPack, Line, LinePart, RepairOrder
from outreach.models import Task
from repairs.models import Job
from surveys.models import Answer, FactorScore, Invitation, Response
from visits.models import Need, Promise, Signature, Visit

COLUMNS = {
    "customer": (Customer, "id store_id name name_pinyin name_initials gender phone created_at"),
    "vehicle": (
        Vehicle,
        "id store_id vin vin_check_ok plate plate_kind brand model year colour powertrain invoice_date owner_id "
        "mileage mileage_on created_at",
    ),
    "agreed": (Agreed, "id store_id customer_id purpose channel allowed evidence at"),
    "ownership": (Ownership, "id store_id vehicle_id customer_id since"),
    "reading": (OdometerReading, "id store_id vehicle_id km on"),
    "visit": (
        Visit,
        "id store_id number customer_id vehicle_id advisor_id stage stage_since version origin opened_at "
        "due_in_at arrived_at mileage_in waiting promised_at first_promised_at round ready_at handed_over_at "
        "released_at ended_at",
    ),
    "order": (RepairOrder, "id store_id visit_id category signed_at"),
    "signature": (Signature, "id store_id visit_id purpose signer document_sha256 at"),
    "pack": (ConsentPack, "id store_id visit_id version content sha256 created_at created_by_id decided_at"),
    "consent": (
        Consent,
        "id store_id visit_id pack_id method decided_by at signature_id evidence_sha256 taken_by_id",
    ),
    "line": (
        Line,
        "id store_id visit_id position kind operation_id title concern correction pay_type hours hour_rate labour "
        "material consent_state consent_id pack_id work work_done_at created_at",
    ),
    "part": (LinePart, "id store_id line_id part_id number name part_class unit quantity unit_price amount"),
    "promise": (
        Promise,
        "id store_id visit_id sequence old_at new_at reason by_kind by_id made_at told_at told_how",
    ),
    "need": (
        Need,
        "id store_id visit_id kind words stage owner_id created_at outcome answer settled_at settled_by_id",
    ),
    "job": (
        Job,
        "id store_id line_id round technician_id planned dispatched_by_id dispatched_at state started_at finished_at",
    ),
    "inspection": (Inspection, "id store_id visit_id round level inspector_id verdict reason at"),
    "case": (
        Case,
        "id store_id number source severity state visit_id customer_id vehicle_id words owner_id category origin opened_at "
        "first_response_due_at first_response_at planned_at resolved_at cause_code responsible prevention close_kind "
        "closed_at closing_note",
    ),
    "entry": (CaseEntry, "id store_id case_id kind text by_id at"),
    "recovery": (
        RecoveryPlan,
        "id store_id case_id vehicle_id text state money kind needs_second proposed_by_id proposed_at approved_at "
        "customer_answer answered_at answered_by executed_at",
    ),
    "measure": (Measure, "id store_id plan_id kind amount executed_at executed_by_id proof"),
    "recheck": (Recheck, "id store_id case_id round by_id at on outcome words"),
    "feedback": (
        SalesFeedback,
        "id store_id case_id text pushed_at pushed_by_id due_at read_at read_by_id answered_at answered_by_id answer",
    ),
    "invitation": (
        Invitation,
        "id store_id visit_id questionnaire_id due_at expires_at state token_hash sent_at answered_at reason",
    ),
    "response": (
        Response,
        "id store_id visit_id questionnaire_id channel at csi overall nps problem low comment advisor_id technician_id "
        "taken_by_id released_at seconds origin case_id",
    ),
    "score": (FactorScore, "id store_id response_id code score"),
    "answer": (Answer, "id store_id response_id item_id score yes"),
    "call": (
        FollowUpCall,
        "id store_id visit_id due_at next_try_at state assigned_to_id completed_at satisfaction nps words problem case_id",
    ),
    "attempt": (CallAttempt, "id store_id call_id sequence outcome by_id at"),
    "reminder": (
        Task,
        "id store_id kind vehicle_id customer_id period due_on call_on state operation_id why value contacted_at booked_at "
        "visit_id came_at stop_reason created_at ended_at",
    ),
    "measured": (
        Measurement,
        "id store_id commitment_id code visit_id started_at due_at met_at decided_at state origin",
    ),
    "event": (
        Event,
        "id store_id name subject_kind subject_id visit_id actor_kind actor_id actor_code at data origin epoch xid",
    ),
}


def tables() -> dict[str, Rows]:
    """Empty rows of each table, to be filled and sent in this order."""
    return {name: Rows(model, *columns.split()) for name, (model, columns) in COLUMNS.items()}
