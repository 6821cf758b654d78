"""Where visits wait: by hand for one story, and against the slow clock for random ones with late events."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
import time_machine

from core.actors import Actor
from journal import domain as journal
from journal import registry, runner
from journal.models import Event
from journal.testing import drain
from repairs import domain as repairs
from reports.models import Wait
from reports.reactions.waits import NAME
from stores.choices import RoleCode
from tests.reports.waiting import MINUTE, START, random_story, slowly
from visits.models import Visit

SYSTEM = Actor.system("test")


def write(visit: Visit, events: list[tuple[int, str, dict]], origin="demo") -> None:
    """Journal these events of a visit now, in this order, as having happened at their minutes."""
    journal.record_many(
        Event(
            store_id=visit.store_id,
            name=name,
            subject_kind="visits.visit",
            subject_id=visit.pk,
            visit_id=visit.pk,
            actor_kind="system",
            actor_code="test",
            at=START + minute * MINUTE,
            data=data,
            origin=origin,
        )
        for minute, name, data in events
    )


def react(limit: int = 500) -> None:
    while runner.run(registry.reaction(NAME), limit=limit, raising=True).more:
        pass


def kept(visit: Visit) -> set[tuple]:
    def minute(at):
        return None if at is None else int((at - START) / MINUTE)

    return {
        (row.kind, minute(row.started_at), minute(row.ended_at), row.seconds, row.counted)
        for row in Wait.objects.filter(visit=visit)
    }


def test_one_visit_by_hand(make_visit):
    visit = make_visit()
    write(
        visit,
        [
            (60, "visits.opened", {"stage": "reception"}),
            (64, "reception.checked_in", {}),
            (70, "orders.line_added", {"line_id": 1, "kind": "job"}),
            (70, "orders.line_added", {"line_id": 2, "kind": "diagnosis"}),
            (80, "orders.line_approved", {"line_id": 1}),
            (80, "orders.line_approved", {"line_id": 2}),
            (80, "visits.stage_entered", {"stage": "repair"}),
            (100, "repairs.job_dispatched", {"job_id": 5, "line_id": 1}),
            (130, "repairs.job_started", {"job_id": 5}),
            (140, "repairs.part_requested", {"request_id": 8, "job_id": 5}),
            (150, "repairs.part_issued", {"request_id": 8, "job_id": 5, "rest_id": 9}),
            (150, "repairs.job_paused", {"job_id": 5, "reason": "parts"}),
            # noon to one the store is closed
            (420, "repairs.part_issued", {"request_id": 9, "job_id": 5}),
            (430, "repairs.job_resumed", {"job_id": 5}),
            (500, "repairs.job_finished", {"job_id": 5}),
        ],
    )
    react()
    assert kept(visit) == {
        ("greeting", 60, 64, 240, 240),
        ("stage_reception", 60, 80, 1200, 1200),
        ("dispatch", 80, 100, 1200, 1200),
        ("bay", 100, 130, 1800, 1800),
        ("parts", 140, 430, 290 * 60, 230 * 60),
        ("stage_repair", 80, None, None, None),
    }


@pytest.mark.parametrize("seed", range(6))
def test_the_rows_are_what_the_slow_clock_says_over_random_journals_with_late_events(make_visit, seed):
    random = Random(seed)
    visits = [make_visit(booked=False, need="") for _ in range(4)]
    stories = {visit.pk: random_story(random, ids=n) for n, visit in enumerate(visits, start=1)}
    # The journal learns of them in any order, some long after what came later.
    told: dict[int, list] = {visit.pk: [] for visit in visits}
    pile = [(visit, event) for visit in visits for event in stories[visit.pk]]
    random.shuffle(pile)
    while pile:
        chunk = [pile.pop() for _ in range(min(len(pile), random.randrange(1, 30)))]
        for visit, event in chunk:
            told[visit.pk].append(event)
            write(visit, [event])
        react(limit=random.choice((1, 7, 500)))
    for visit in visits:
        assert kept(visit) == slowly(told[visit.pk])


def test_what_nobody_noted_has_no_length(make_visit):
    """Into repair without a greeting: it happened, but nobody knows when. Away without service: he waited till the end."""
    unnoted, gone = make_visit(), make_visit()
    for visit, after in ((unnoted, "repair"), (gone, "left_without_service")):
        write(visit, [(0, "visits.opened", {"stage": "reception"}), (25, "visits.stage_entered", {"stage": after})])
    react()
    assert "greeting" not in {row[0] for row in kept(unnoted)}
    assert ("greeting", 0, 25, 1500, 1500) in kept(gone)


def test_reading_the_journal_again_changes_nothing(make_visit):
    visit = make_visit()
    write(visit, random_story(Random(3), ids=1))
    react()
    before = list(Wait.objects.filter(visit=visit).order_by("pk").values())
    assert before
    runner.Cursor.objects.filter(name=NAME).update(epoch=0, xid=0, event_id=0)
    react()
    assert list(Wait.objects.filter(visit=visit).order_by("pk").values()) == before


def test_an_event_of_a_visit_that_is_gone_is_passed_by(make_visit):
    visit = make_visit()
    ghost = Visit(pk=visit.pk + 10_000, store=visit.store)
    write(ghost, [(1, "visits.opened", {"stage": "reception"})])
    write(visit, [(1, "visits.opened", {"stage": "reception"})])
    react()
    assert set(Wait.objects.values_list("visit_id", flat=True)) == {visit.pk}


def test_the_real_functions_journal_what_the_waits_are_read_from(make_visit, staff):
    """A car comes, is worked on and goes on: each wait the house's own functions make is there, with its length."""
    with time_machine.travel(datetime(2026, 3, 2, 2, 0, tzinfo=START.tzinfo), tick=False) as clock:
        visit = make_visit("repair", job="dispatched", lines=1)
        write(visit, [(0, "visits.opened", {"stage": "reception"}), (115, "visits.stage_entered", {"stage": "repair"})])
        job = visit.lines.get(jobs__isnull=False).jobs.get()
        clock.shift(timedelta(minutes=12))
        repairs.start(job, by=job.technician)
        requests = repairs.request_parts(job, by=job.technician)
        clock.shift(timedelta(minutes=9))
        clerk = staff(RoleCode.PARTS_CLERK)
        for request in requests:
            repairs.issue_parts(request, by=clerk)
        repairs.pause(job, reason="support", by=job.technician)
        clock.shift(timedelta(minutes=20))
        repairs.resume(job, by=job.technician)
        drain()
    lengths = dict(Wait.objects.filter(visit=visit, ended_at__isnull=False).values_list("kind", "seconds"))
    assert lengths["support"] == 20 * 60
    assert lengths["parts"] == 9 * 60
