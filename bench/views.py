"""Views that only the bench has: a bare one, and the same repair order made through the domain and by the leanest DRF view."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.http import JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from bench import rows
from catalogue.queries import guarantee_for
from core.clock import local_day
from core.errors import DomainError
from customers.models import Vehicle
from journal.models import Event
from orders.domain import LineInput, PartInput
from orders.models import Line, LinePart
from reception import domain as reception
from stores.access import in_store
from stores.models import Staff, Store


def bare(request):
    return JsonResponse({"status": "ok"})


# --- Through the domain --------------------------------------------------------------------------------------------


@csrf_exempt
def create(request):
    """A walk-in with its lines, as another system sends it: key in a header, JSON in, JSON out, the domain's rules."""
    if not constant_time_compare(request.headers.get("X-Api-Key", ""), settings.BENCH_KEY):
        return JsonResponse({"detail": "unknown key"}, status=401)
    said = json.loads(request.body)
    staff = Staff._base_manager.select_related("store", "role").get(pk=said["advisor"], active=True)
    with in_store(staff.store):
        vehicle = Vehicle.objects.select_related("owner").get(pk=said["vehicle"])
        try:
            visit = reception.walk_in(
                store=staff.store,
                customer=vehicle.owner,
                vehicle=vehicle,
                advisor=staff,
                by=staff,
                lines=[_line(line) for line in said["lines"]],
                token=UUID(said["token"]),
            )
        except DomainError as error:
            return JsonResponse({"detail": str(error)}, status=error.status)
    return JsonResponse({"id": visit.pk, "number": visit.number}, status=201)


def _line(said: dict) -> LineInput:
    part = said["part"]
    given = PartInput(number=part["number"], name=part["name"], unit_price=Decimal(part["unit_price"]))
    return LineInput(title=said["title"], hours=Decimal(said["hours"]), hour_rate=rows.RATE, parts=[given])


# --- The leanest that leaves the same rows -------------------------------------------------------------------------


class PartSerializer(serializers.Serializer):
    number = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=120)
    unit_price = serializers.DecimalField(max_digits=14, decimal_places=2)


class LineSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=120)
    hours = serializers.DecimalField(max_digits=6, decimal_places=2)
    part = PartSerializer()


class OrderSerializer(serializers.Serializer):
    vehicle = serializers.IntegerField()
    lines = LineSerializer(many=True)


class Lean(APIView):
    """No login, no rules, no lock: it checks the shape of what comes in and inserts. Nobody could run a store on it."""

    authentication_classes = ()
    permission_classes = ()

    def post(self, request):
        said = OrderSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        with transaction.atomic():
            visit = _insert(facts(), said.validated_data["vehicle"], said.validated_data["lines"])
        return Response({"id": visit.pk, "number": visit.number}, status=201)


def _insert(known: rows.Facts, vehicle_id: int, lines: list[dict]):
    (customer_id,) = Vehicle._base_manager.values_list("owner_id").get(pk=vehicle_id)
    day = local_day("Asia/Shanghai")
    with connection.cursor() as cursor:
        cursor.execute(rows.COUNTER, [known.store_id, day])
        (last,) = cursor.fetchone()
    number = f"RO{day:%Y%m%d}-{last:04d}"
    visit = rows.visit(known, number=number, customer_id=customer_id, vehicle_id=vehicle_id)
    visit.save(force_insert=True)
    order = rows.order(known, visit.pk)
    order.save(force_insert=True)
    made = [rows.line(known, visit.pk, position, line) for position, line in enumerate(lines, 1)]
    Line._base_manager.bulk_create(made)
    parts = [rows.part(known, row.pk, line["part"]) for row, line in zip(made, lines, strict=True)]
    LinePart._base_manager.bulk_create(parts)
    Event._base_manager.bulk_create(rows.events(known, visit, order, made))
    return visit


@cache
def facts() -> rows.Facts:
    """Read once per process: a lean view would have them as constants."""
    store = Store.objects.get()
    advisor = Staff._base_manager.filter(role__code="advisor", active=True, user__is_active=True).get()
    days, km = guarantee_for("minor")
    return rows.Facts(store.pk, advisor.pk, store.update_every_minutes, days, km)
