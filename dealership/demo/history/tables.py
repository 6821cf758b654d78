"""The tables of the history and the columns its rows name, parents first; every other column gets its model's default."""

from __future__ import annotations

from customers.models import Customer, OdometerReading, Ownership, Vehicle
from dealership.demo.copying import Rows
from followups.models import CallAttempt, FollowUpCall
from inspections.models import Inspection
from journal.models import Event
from orders.models import Consent, ConsentPack, Line, LinePart, RepairOrder
from repairs.models import Job
from visits.models import Need, Promise, Signature, Visit

COLUMNS = {
    "customer": (Customer, "id store_id name name_pinyin name_initials gender phone created_at"),
    "vehicle": (
        Vehicle,
        "id store_id vin vin_check_ok plate plate_kind brand model year colour powertrain invoice_date owner_id "
        "mileage mileage_on created_at",
    ),
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
    "call": (
        FollowUpCall,
        "id store_id visit_id due_at next_try_at state assigned_to_id completed_at satisfaction nps words problem",
    ),
    "attempt": (CallAttempt, "id store_id call_id sequence outcome by_id at"),
    "event": (
        Event,
        "id store_id name subject_kind subject_id visit_id actor_kind actor_id at data origin epoch xid",
    ),
}


def tables() -> dict[str, Rows]:
    """Empty rows of each table, to be filled and sent in this order."""
    return {name: Rows(model, *columns.split()) for name, (model, columns) in COLUMNS.items()}
