"""Finding customers and cars by what people have at hand; and that each look-up rides on its index."""

import json
import os
import time

import pytest
from django.db import connection
from django.db.models import Q

from customers import domain as customers
from customers import queries
from customers.models import Vehicle
from tests import factories

VIN = "LATPAB071W1005301"
ROWS = 200_000 if os.environ.get("TEST_LONG") == "1" else 30_000


@pytest.fixture
def cars(store):
    wang = factories.customer(store, name="王芳", phone="13812348000")
    shan = factories.customer(store, name="单田芳", phone="13700005432")
    company = factories.customer(store, name="Beijing Logistics", phone="01064001234")
    return {
        "wang": factories.vehicle(store, owner=wang, plate="京A12345", vin="LSVAA4180E2184847"),
        "shan": factories.vehicle(store, owner=shan, plate="粤BD54321", vin="LGXCE6CB0M0123456"),
        "company": factories.vehicle(store, owner=company, plate="沪C8000P", vin=""),
    }


def found(cars, text, **options):
    names = {car.pk: name for name, car in cars.items()}
    return [names.get(car.pk, "?") for car in queries.search(text, **options)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("京A12345", ["wang"]),
        ("京a·12345", ["wang"]),
        ("12345", ["wang"]),
        ("345", ["wang"]),
        ("45", []),  # too short
        ("54321", ["shan"]),
        ("184847", ["wang"]),
        ("lsvaa4180e2184847", ["wang"]),
        ("84847", []),  # five characters of a VIN are no plate and too few
        ("13812348000", ["wang"]),
        ("5432", ["shan"]),
        ("王芳", ["wang"]),
        ("王", ["wang"]),
        ("wangfang", ["wang"]),
        ("Wang Fang", ["wang"]),
        ("wf", ["wang"]),
        ("stf", ["shan"]),  # the surname is read shan, not dan
        ("shantian", ["shan"]),
        ("w", []),
        ("Beijing", ["company"]),
        ("01064001234", ["company"]),
        ("010-6400-1234", ["company"]),
        ("", []),
        ("%", []),
        ("___", []),
    ],
)
def test_found_by(cars, text, expected):
    assert found(cars, text) == expected


def test_a_tail_of_four_digits_means_plate_or_phone(cars, store):
    assert found(cars, "8000") == ["wang"]  # by phone; 沪C8000P ends otherwise
    factories.vehicle(store, plate="京N88000")

    assert [car.plate for car in queries.search("8000")] == ["京N88000", "京A12345"]


def test_no_kind_crowds_out_another(cars, store):
    for n in range(6):
        factories.vehicle(store, plate=f"京N{n}8000")

    assert len(queries.search("8000", limit=4)) == 4
    assert "京A12345" in [car.plate for car in queries.search("8000", limit=4)]


def test_a_former_plate_still_finds_the_car(cars, staff):
    customers.change_plate(cars["wang"], plate="京B99999", by=staff("advisor"))

    assert found(cars, "京A12345") == ["wang"]
    assert found(cars, "99999") == ["wang"]


def test_owners_come_along(cars, django_assert_num_queries):
    with django_assert_num_queries(4):  # plate, former plate, VIN, phone; owners in the same
        rows = queries.search("123450")
        assert [car.owner.name for car in rows] == []
    with django_assert_num_queries(2):
        assert [car.owner.name for car in queries.search("王芳")] == ["王芳"]


def test_customers_without_a_car_are_found_as_customers(store):
    guest = factories.customer(store, name="赵云", phone="13911110000")

    assert queries.find_customers("赵") == [guest]
    assert queries.find_customers("0000") == [guest]
    assert queries.search("赵") == []


def test_other_stores_are_not_searched(cars, other_store):
    factories.vehicle(other_store, plate="京A12345")

    assert found(cars, "京A12345") == ["wang"]


@pytest.mark.parametrize("text", ["'; DROP TABLE", "\\", "王%", "京_12345", "１２３４５", "😀" * 50, "x" * 5000])
def test_odd_input_finds_nothing_strange(cars, text):
    assert set(found(cars, text)) <= {"wang"}


def test_found_by_exact_plate_and_phone(cars):
    assert queries.vehicle_by_plate("京a 12345") == cars["wang"]
    assert queries.vehicle_by_plate("") is None
    assert queries.customer_by_phone("+86 138 1234 8000") == cars["wang"].owner
    assert queries.customer_by_phone("8000") is None


class TestManyCars:
    """A large store: every kind of look-up must find its index by itself."""

    @pytest.fixture
    def bulk(self, store):
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO customers_customer (store_id, kind, name, name_pinyin, name_initials, gender, phone, email,
                       wechat_openid, language, preferred_channel, preferred_hours, note, created_at)
                   SELECT %s, 'person', (ARRAY['王','李','张','刘','陈','杨','赵','黄'])[1 + n %% 8] || chr(20000 + n %% 5000),
                       (ARRAY['wang','li','zhang','liu','chen','yang','zhao','huang'])[1 + n %% 8] || md5(n::text),
                       chr(97 + n %% 26) || chr(97 + n / 26 %% 26) || chr(97 + n / 676 %% 26), 'unknown',
                       '138' || lpad(n::text, 8, '0'), '', '', 'zh-hans', 'sms', '', '', now()
                   FROM generate_series(1, %s) n""",
                [store.pk, ROWS],
            )
            cursor.execute(
                """INSERT INTO customers_vehicle (store_id, vin, plate, plate_kind, brand, model, colour, engine_no, powertrain,
                       owner_id, created_at)
                   SELECT %s, 'LSVAA418' || lpad((n * 7919 %% 999999937)::text, 9, '0'), '京' || chr(65 + (n %% 8)::int) || lpad(n::text, 6, '0'),
                       'ordinary', '', '', '', '', 'petrol', c.id, now()
                   FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM customers_customer WHERE store_id = %s) c""",
                [store.pk, store.pk],
            )
            cursor.execute(
                """INSERT INTO customers_platechange (store_id, vehicle_id, plate, until)
                   SELECT store_id, id, '沪' || substr(plate, 2), now() FROM customers_vehicle WHERE store_id = %s AND id %% 3 = 0""",
                [store.pk],
            )
            cursor.execute("ANALYZE customers_customer, customers_vehicle, customers_platechange")

    def plan(self, rows) -> tuple[set[str], set[str]]:
        """(names of the indexes a query uses, tables it reads from end to end)"""
        indexes, scanned = set(), set()

        def walk(node):
            if node["Node Type"] == "Seq Scan":
                scanned.add(node["Relation Name"])
            indexes.update(node[key] for key in ("Index Name",) if key in node)
            for child in node.get("Plans", []):
                walk(child)

        walk(json.loads(rows.explain(format="json"))[0]["Plan"])
        return indexes, scanned

    def check(self, kinds, expected):
        for rows, wanted in zip(kinds, expected, strict=True):
            indexes, scanned = self.plan(rows)
            assert (wanted in indexes, scanned) == (True, set()), (indexes, str(rows.query))

    def test_every_look_up_rides_on_its_index(self, bulk):
        plate, former, vin = "customers_plate_tail", "customers_former_plate_tail", "customers_vin_tail"
        for text, expected in [
            ("00123", [plate, former]),
            ("京A000123", [plate, former]),
            ("0012345", [plate, former, vin]),
        ]:
            self.check([rows.select_related("owner")[:20] for rows in queries._vehicle_queries(text)], expected)
        initials, pinyin, name = "customers_initials_prefix", "customers_pinyin_prefix", "customers_name_prefix"
        for text, expected in [
            ("0123", ["customers_phone_tail"]),
            ("13800000123", ["customers_phone_tail"]),
            ("王" + chr(20100), [name]),
            ("wangab", [initials, pinyin, name]),
            ("abc", [initials, pinyin, name]),
        ]:
            self.check([rows[:20] for rows in queries._customer_queries(text)], expected)
        for text in ["00123", "0012345", "0123", "王", "zhang", "ab", "13800000123", "nobody"]:
            self.check_quick(text)

    def test_entering_a_car_looks_for_the_known_one_by_index(self, bulk, store):
        meant = Vehicle.objects.filter(Q(vin=VIN) | Q(plate="京A000123"), store=store)

        indexes, scanned = self.plan(meant)

        assert (indexes, scanned) == ({"customers_vehicle_vin_once", "customers_vehicle_plate_once"}, set())

    def check_quick(self, text):
        queries.search(text)
        begun = time.perf_counter()
        for _again in range(5):
            queries.search(text)
        took = (time.perf_counter() - begun) / 5
        print(f"search {text!r}: {took * 1000:.1f} ms among {ROWS:,} cars")
        # far above what it takes (2-8 ms): without its index a look-up takes hundreds
        assert took < 0.1, text
