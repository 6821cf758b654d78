"""One booking through the domain, and the leanest view that leaves the same rows."""

from __future__ import annotations

import copy
import json
from datetime import datetime
from functools import cache
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.http import JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from appointments import domain as appointments
from appointments.models import Appointment, AppointmentItem, Bucket, Claim
from bench import rows
from bench.booking import CODE, ITEM, MINUTES
from core.clock import local_day
from core.errors import DomainError
from customers.models import Vehicle
from journal.models import Event
from messaging.models import Message
from stores.access import in_store
from stores.models import Staff, Store
from visits.models import Visit, VisitLink


@csrf_exempt
def book(request):
    """A booking as another system sends it: key in a header, JSON in, JSON out, the domain's rules."""
    if not constant_time_compare(request.headers.get("X-Api-Key", ""), settings.BENCH_KEY):
        return JsonResponse({"detail": "unknown key"}, status=401)
    said = json.loads(request.body)
    staff = Staff._base_manager.select_related("store", "role").get(pk=said["advisor"], active=True)
    with in_store(staff.store):
        vehicle = Vehicle.objects.select_related("owner").get(pk=said["vehicle"])
        try:
            made = appointments.book(
                store=staff.store,
                customer=vehicle.owner,
                vehicle=vehicle,
                advisor=staff,
                start=datetime.fromisoformat(said["start"]),
                items=[ITEM],
                wash=False,
                channel="api",
                by=staff,
                token=UUID(said["token"]),
            )
        except DomainError as error:
            return JsonResponse({"detail": str(error)}, status=error.status)
    return JsonResponse({"id": made.pk}, status=201)


class BookingSerializer(serializers.Serializer):
    vehicle = serializers.IntegerField()
    advisor = serializers.IntegerField()
    start = serializers.DateTimeField()


class LeanBooking(APIView):
    """No login, no rules, no lock: it checks the shape, reads the buckets and the owner, and inserts."""

    authentication_classes = ()
    permission_classes = ()

    def post(self, request):
        said = BookingSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        with transaction.atomic():
            made = _insert(**said.validated_data)
        return Response({"id": made.pk}, status=201)


def _insert(vehicle: int, advisor: int, start: datetime) -> Appointment:
    store_id, model = _model()
    (owner,) = Vehicle._base_manager.values_list("owner_id").get(pk=vehicle)
    day = local_day("Asia/Shanghai")
    with connection.cursor() as sql:
        sql.execute(rows.COUNTER, [store_id, day])
        (last,) = sql.fetchone()
    visit = _like(model["visit"], number=f"RO{day:%Y%m%d}-{last:04d}", customer_id=owner, vehicle_id=vehicle)
    visit.advisor_id, visit.due_in_at, visit.request_token = advisor, start, uuid4()
    visit.save(force_insert=True)
    end = start + (model["appointment"].end - model["appointment"].start)
    made = _like(model["appointment"], visit_id=visit.pk, advisor_id=advisor, during=DateTimeTZRange(start, end))
    made.save(force_insert=True)
    AppointmentItem._base_manager.bulk_create([_like(row, appointment_id=made.pk) for row in model["items"]])
    Claim._base_manager.bulk_create(
        Claim(store_id=store_id, bucket_id=pk, side="booked", source="booking", amount=n, appointment_id=made.pk)
        for pk, n in _buckets(store_id, advisor, start)
    )
    links = [_like(row, visit_id=visit.pk, token_hash=uuid4().hex * 2) for row in model["links"]]
    VisitLink._base_manager.bulk_create(links)
    Message._base_manager.bulk_create(
        [_like(row, visit_ref=visit.pk, dedupe_key=uuid4().hex) for row in model["messages"]]
    )
    Event._base_manager.bulk_create(Event(**{**row, "visit_id": visit.pk}) for row in model["events"])
    return made


def _buckets(store_id: int, advisor: int, start: datetime) -> list[tuple[int, int]]:
    found = Bucket._base_manager.filter(store_id=store_id, starts_at__lte=start, ends_at__gt=start)
    amounts: dict[str, tuple[int, int]] = {}
    for pk, resource, key, booked in found.values_list("pk", "resource", "key", "booked"):
        if (resource, key) in (("technician", "mechanical"), ("bay", "lift")):
            amounts[resource] = pk, MINUTES
        elif (resource, key) == ("advisor", str(advisor)) or (resource == "parking" and not booked):
            amounts[resource] = pk, 1
    return list(amounts.values())


def _like(row, **changed):
    made = copy.copy(row)
    made._state = copy.copy(row._state)
    made.pk = made.id = None
    made._state.adding = True
    for name, value in changed.items():
        setattr(made, name, value)
    return made


@cache
def _model() -> tuple[int, dict]:
    """The rows the domain left of its last booking, read once per process."""
    store = Store.objects.get(code=CODE)
    booked = Appointment._base_manager.filter(store=store, channel="api").latest("pk")
    visit = Visit._base_manager.get(pk=booked.visit_id)
    fields = [field.attname for field in Event._meta.concrete_fields if field.name not in ("id", "epoch", "xid")]
    return store.pk, {
        "visit": visit,
        "appointment": booked,
        "items": list(AppointmentItem._base_manager.filter(appointment=booked)),
        "links": list(VisitLink._base_manager.filter(visit=visit)),
        "messages": list(Message._base_manager.filter(visit_ref=visit.pk)),
        "events": list(Event._base_manager.filter(visit_id=visit.pk).values(*fields)),
    }
