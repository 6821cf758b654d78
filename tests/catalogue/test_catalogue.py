"""What a new store starts with, and how it is read."""

from datetime import date
from decimal import Decimal

import pytest

from catalogue import queries, seeds
from catalogue.choices import StepKind
from catalogue.models import MaintenanceRule, Operation, OperationPart, Part, StatutoryNumber, WorkStep
from stores.choices import Skill
from tests import factories


def test_a_new_store_can_work(store):
    assert Operation.objects.count() >= 40
    assert Part.objects.count() >= 60
    assert MaintenanceRule.objects.count() >= 10
    assert set(Operation.objects.values_list("skill", flat=True)) == set(Skill.values) - {Skill.INSPECTION}


def test_everything_seeded_has_both_names(store):
    for model in (Operation, Part, WorkStep):
        assert not model.objects.filter(name_zh="").exists()
        assert not model.objects.filter(name_en="").exists()


def test_every_operation_has_steps_and_measured_ones_have_a_unit(store):
    assert not Operation.objects.filter(steps=None).exists()
    assert not WorkStep.objects.filter(kind=StepKind.VALUE, unit="").exists()


def test_usual_parts_come_with_the_operation(store):
    usual = queries.parts_for(Operation.objects.get(code="B001"))

    assert [(row.part.number, row.quantity) for row in usual] == [
        ("OIL-5W30-4L", 1),
        ("FLT-OIL-A1", 1),
        ("PLUG-DRAIN", 1),
    ]


def test_a_part_no_longer_sold_does_not_come(store):
    Part.objects.filter(number="PLUG-DRAIN").update(active=False)

    assert [row.part.number for row in queries.parts_for(Operation.objects.get(code="B001"))] == [
        "OIL-5W30-4L",
        "FLT-OIL-A1",
    ]


def test_operations_are_found_by_code_and_name_in_both_languages(store):
    assert [row.code for row in queries.operations("z00")] == ["Z001", "Z002", "Z003", "Z004"]
    assert [row.code for row in queries.operations("补胎")] == ["L003"]
    assert [row.code for row in queries.operations("puncture")] == ["L003"]


def test_parts_are_found_by_number_and_name(store):
    assert [row.number for row in queries.parts("bat-")] == ["BAT-AGM-70", "BAT-EFB-60"]
    assert [row.number for row in queries.parts("雨刮")] == ["WIPER-FR"]


def test_operations_with_parts_cost_the_same_however_many(store, django_assert_num_queries):
    with django_assert_num_queries(2):
        rows = list(queries.operations_with_parts())
    assert [usual.part.number for row in rows if row.code == "B004" for usual in row.usual] == ["FLT-AIR-B1"]


@pytest.mark.parametrize(
    ("category", "days", "km"),
    [
        ("whole", 100, 20_000),
        ("assembly", 100, 20_000),
        ("second_level", 30, 5_000),
        ("maintenance", 10, 2_000),
        ("minor", 10, 2_000),
        ("accident", 10, 2_000),
    ],
)
def test_statutory_guarantee(store, category, days, km):
    assert queries.guarantee_for(category) == (days, km)


def test_a_new_edition_counts_from_its_day(store):
    StatutoryNumber.objects.create(
        code="guarantee_days", value=15, unit="days", source="新规定", valid_from=date(2027, 1, 1)
    )

    assert queries.guarantee_for("minor", on=date(2026, 12, 31)) == (10, 2_000)
    assert queries.guarantee_for("minor", on=date(2027, 1, 1)) == (15, 2_000)
    assert queries.guarantee_for("whole", on=date(2027, 1, 1)) == (100, 20_000)


def test_every_number_of_law_names_its_source(db):
    seeds.statutory_numbers()
    seeds.statutory_numbers()  # again changes nothing

    assert StatutoryNumber.objects.count() == len(seeds.NUMBERS)
    assert not StatutoryNumber.objects.filter(source="").exists()


def test_unknown_number_is_an_error(store):
    with pytest.raises(LookupError):
        queries.statutory("no_such_number")


def test_the_most_exact_maintenance_rule_wins(store):
    oil = Operation.objects.get(code="B001")
    MaintenanceRule.objects.create(store=store, operation=oil, brand="大众", km=15_000, months=12)

    found = {rule.operation.code: rule.km for rule in queries.rules_for(brand="大众", powertrain="petrol")}
    assert found["B001"] == 15_000
    assert {rule.operation.code: rule.km for rule in queries.rules_for(brand="比亚迪", powertrain="petrol")}[
        "B001"
    ] == 7_500
    assert "B001" not in {rule.operation.code for rule in queries.rules_for(powertrain="electric")}


def test_usual_parts_stay_in_their_store(store, other_store):
    factories.operation(store)

    assert {row.store_id for row in OperationPart.objects.all()} == {store.pk}
    assert Part.objects.filter(price__lt=Decimal("0.01")).count() == 0
