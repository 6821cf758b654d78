"""Carrying out a checklist, and making new versions of it."""

from decimal import Decimal

import pytest

from core.errors import Conflict, DomainError
from journal.models import Event
from standards import domain as standards
from standards import queries, seeds
from standards.choices import ChecklistUse, ItemKind, ItemState
from standards.domain import ItemInput
from standards.forms import ChecklistForm
from standards.models import Checklist, ChecklistItem, ItemResult

VISIT = 4711


@pytest.fixture
def inspector(staff):
    return staff("inspector")


@pytest.fixture
def manager(staff):
    return staff("service_manager")


def all_ok(checklist, **changes):
    """Results for every required item that any car has; values in the middle of their range."""
    results = {}
    for item in queries.items(checklist, new_energy=False):
        if item.required:
            value = item.low if item.low is not None else item.high
            results[item.pk] = {"state": "ok", "value": value if item.kind == ItemKind.VALUE else None, "note": ""}
    return results | changes


def item_named(checklist, name):
    return checklist.items.get(name_zh=name)


class TestSeeds:
    def test_every_use_has_a_list_in_force(self, store):
        assert {queries.in_force(use).version for use in ChecklistUse} == {1}

    def test_walk_around_is_rich_and_grouped(self, store):
        items = queries.items(queries.in_force("walk_around"))

        assert len(items) >= 25
        assert len({item.group_zh for item in items}) >= 8
        assert sum(item.new_energy_only for item in items) >= 3

    def test_everything_has_both_names(self, store):
        assert not ChecklistItem.objects.filter(name_en="").exists()
        assert not ChecklistItem.objects.filter(group_en="").exists()

    def test_a_store_without_lists_says_so(self, other_store, store):
        Checklist.objects.all().delete()

        with pytest.raises(DomainError) as refused:
            queries.in_force("wash")

        assert refused.value.code == "no_checklist"

    def test_new_energy_items_are_left_out_for_other_cars(self, store):
        checklist = queries.in_force("walk_around")

        assert not any(item.new_energy_only for item in queries.items(checklist, new_energy=False))
        assert len(queries.items(checklist, new_energy=True)) == sum(map(len, seeds.WALK_AROUND.values()))


class TestRun:
    def test_filled_and_completed(self, store, inspector):
        checklist = queries.in_force("final_check")

        run = standards.record_run(use="final_check", visit_id=VISIT, results=all_ok(checklist), by=inspector)

        assert run.completed_at is not None
        assert queries.failures(run) == []
        event = Event.objects.get(name="standards.run_completed")
        assert (event.visit_id, event.data) == (VISIT, {"use": "final_check", "version": 1, "round": 1, "failures": 0})

    def test_starting_again_goes_on_with_the_open_run(self, store, inspector):
        run = standards.start_run(use="wash", visit_id=VISIT, by=inspector)

        assert standards.start_run(use="wash", visit_id=VISIT, by=inspector).pk == run.pk
        assert standards.start_run(use="wash", visit_id=VISIT, by=inspector, round=2).pk != run.pk

    def test_what_is_missing_is_named(self, store, inspector):
        checklist = queries.in_force("final_check")
        results = all_ok(checklist)
        del results[item_named(checklist, "路试结果").pk]
        run = standards.start_run(use="final_check", visit_id=VISIT, by=inspector)
        standards.fill(run, results, by=inspector)

        with pytest.raises(DomainError) as refused:
            standards.complete(run, by=inspector)

        assert refused.value.code == "missing"
        assert "路试结果" in str(refused.value)
        run.refresh_from_db()
        assert run.completed_at is None

    def test_a_measured_item_without_its_value_is_missing(self, store, inspector):
        checklist = queries.in_force("final_check")
        torque = item_named(checklist, "左前轮螺栓扭矩")
        run = standards.start_run(use="final_check", visit_id=VISIT, by=inspector)
        standards.fill(run, all_ok(checklist) | {torque.pk: {"state": "ok", "value": None, "note": ""}}, by=inspector)

        with pytest.raises(DomainError) as refused:
            standards.complete(run, by=inspector)

        assert (refused.value.code, torque.name in str(refused.value)) == ("missing", True)

    @pytest.mark.parametrize(("value", "passes"), [("100", True), ("140", True), ("99.99", False), ("140.01", False)])
    def test_values_outside_their_range_need_a_note(self, store, inspector, value, passes):
        checklist = queries.in_force("final_check")
        torque = item_named(checklist, "左前轮螺栓扭矩")
        results = all_ok(checklist) | {torque.pk: {"state": "ok", "value": Decimal(value), "note": ""}}
        run = standards.start_run(use="final_check", visit_id=VISIT, by=inspector)
        standards.fill(run, results, by=inspector)

        if passes:
            standards.complete(run, by=inspector)
            return
        with pytest.raises(DomainError) as refused:
            standards.complete(run, by=inspector)
        assert refused.value.code == "out_of_range"
        standards.fill(run, {torque.pk: {"state": "fail", "value": value, "note": "按厂家 150"}}, by=inspector)
        standards.complete(run, by=inspector)
        assert [row.item for row in queries.failures(run)] == [torque]

    def test_not_applicable_answers_a_required_item(self, store, inspector):
        checklist = queries.in_force("handover")
        item = item_named(checklist, "旧件展示并确认处理方式")

        run = standards.record_run(
            use="handover", visit_id=VISIT, results=all_ok(checklist) | {item.pk: {"state": "na"}}, by=inspector
        )

        assert queries.results(run)[item.pk].state == ItemState.NA

    def test_new_energy_items_are_required_once_one_is_filled(self, store, inspector):
        checklist = queries.in_force("final_check")
        ready = item_named(checklist, "READY 上电正常，充放电正常")

        with pytest.raises(DomainError) as refused:
            standards.record_run(
                use="final_check", visit_id=VISIT, results=all_ok(checklist) | {ready.pk: {"state": "ok"}}, by=inspector
            )

        assert "绝缘电阻" in str(refused.value)
        assert ItemResult.objects.count() == 0

    def test_an_empty_state_takes_a_result_away(self, store, inspector):
        run = standards.start_run(use="wash", visit_id=VISIT, by=inspector)
        item = run.checklist.items.first()
        standards.fill(run, {item.pk: {"state": "fail", "note": "未擦干"}}, by=inspector)

        standards.fill(run, {item.pk: {"state": ""}}, by=inspector)

        assert run.results.count() == 0

    def test_a_completed_run_stays_as_it_is(self, store, inspector):
        checklist = queries.in_force("wash")
        run = standards.record_run(use="wash", visit_id=VISIT, results=all_ok(checklist), by=inspector)

        for again in (lambda: standards.fill(run, {}, by=inspector), lambda: standards.complete(run, by=inspector)):
            with pytest.raises(Conflict):
                again()

    def test_items_of_another_list_are_refused(self, store, inspector):
        run = standards.start_run(use="wash", visit_id=VISIT, by=inspector)
        foreign = queries.in_force("handover").items.first()

        with pytest.raises(DomainError) as refused:
            standards.fill(run, {foreign.pk: {"state": "ok"}}, by=inspector)

        assert refused.value.code == "items_changed"


class TestVersions:
    def test_a_new_version_replaces_the_old_and_a_run_keeps_its_own(self, store, manager, inspector):
        old = queries.in_force("wash")
        run = standards.start_run(use="wash", visit_id=VISIT, by=inspector)
        draft = standards.draft(use="wash", by=manager)
        standards.add_item(draft, item=ItemInput("轮毂内侧", "Inside of the wheels", "外洗", "Outside"), by=manager)

        standards.publish(draft, by=manager)

        old.refresh_from_db()
        assert queries.in_force("wash") == draft
        assert (old.retired_at is not None, draft.version) == (True, 2)
        assert run.checklist == old
        standards.fill(run, all_ok(old), by=inspector)
        assert standards.complete(run, by=inspector).checklist == old
        assert Event.objects.get(name="standards.published").data == {"use": "wash", "version": 2}

    def test_a_new_item_stands_at_the_end_of_its_group(self, store, manager):
        draft = standards.draft(use="wash", by=manager)
        standards.add_item(draft, item=ItemInput("轮毂内侧", group_zh="外洗"), by=manager)

        groups = [item.group_zh for item in queries.items(draft)]
        assert groups == sorted(groups, key=groups.index)
        assert [item.name_zh for item in queries.items(draft) if item.group_zh == "外洗"][-1] == "轮毂内侧"

    def test_working_on_a_draft_changes_nothing_in_force(self, store, manager):
        before = [item.name_zh for item in queries.items(queries.in_force("wash"))]
        draft = standards.draft(use="wash", by=manager)
        standards.remove_item(draft.items.first(), by=manager)
        standards.change_item(draft.items.last(), item=ItemInput("改名"), by=manager)

        assert [item.name_zh for item in queries.items(queries.in_force("wash"))] == before
        assert standards.draft(use="wash", by=manager) == draft

    def test_items_move_up_and_down(self, store, manager):
        draft = standards.draft(use="wash", by=manager)
        first, second, *_rest = queries.items(draft)

        standards.move_item(second, up=True, by=manager)
        assert queries.items(draft)[:2] == [second, first]
        standards.move_item(second, up=False, by=manager)
        standards.move_item(first, up=True, by=manager)  # already on top
        assert queries.items(draft)[:2] == [first, second]

    def test_published_versions_never_change(self, store, manager):
        current = queries.in_force("wash")
        item = current.items.first()

        for change in (
            lambda: standards.add_item(current, item=ItemInput("新"), by=manager),
            lambda: standards.change_item(item, item=ItemInput("新"), by=manager),
            lambda: standards.move_item(item, up=False, by=manager),
            lambda: standards.remove_item(item, by=manager),
            lambda: standards.rename(current, name_zh="新", by=manager),
            lambda: standards.discard(current, by=manager),
            lambda: standards.publish(current, by=manager),
        ):
            with pytest.raises(Conflict):
                change()
        assert item.name_zh in [row.name_zh for row in queries.items(current)]

    def test_an_empty_list_is_not_published(self, store, manager):
        draft = standards.draft(use="wash", by=manager)
        draft.items.all().delete()

        with pytest.raises(DomainError) as refused:
            standards.publish(draft, by=manager)

        assert (refused.value.code, queries.in_force("wash").version) == ("empty", 1)

    def test_a_discarded_draft_is_gone(self, store, manager):
        draft = standards.draft(use="wash", by=manager)
        standards.discard(draft, by=manager)

        assert queries.draft_of("wash") is None
        with pytest.raises(Conflict):
            standards.publish(draft, by=manager)

    @pytest.mark.parametrize(
        ("item", "code"),
        [
            (ItemInput(" "), "name_missing"),
            (ItemInput("胎压", kind="value", unit="kPa", low=Decimal(3), high=Decimal(2)), "range"),
            (ItemInput("胎压", unit="kPa"), "not_measured"),
        ],
    )
    def test_items_that_make_no_sense(self, store, manager, item, code):
        draft = standards.draft(use="wash", by=manager)

        with pytest.raises(DomainError) as refused:
            standards.add_item(draft, item=item, by=manager)

        assert refused.value.code == code


class TestForm:
    def post(self, checklist, results):
        data = {"list-checklist": str(checklist.pk)}
        for item_id, result in results.items():
            for part in ("state", "value", "note"):
                data[f"list-checks-{item_id}-{part}"] = str(result.get(part) or "")
        return data

    def test_gives_results_the_domain_takes(self, store, inspector):
        checklist = queries.in_force("final_check")
        form = ChecklistForm.for_use("final_check", self.post(checklist, all_ok(checklist)), new_energy=False)

        assert form.is_valid(), form.errors
        run = standards.record_run(use="final_check", visit_id=VISIT, results=form.cleaned_results(), by=inspector)
        assert run.completed_at

    def test_required_items_are_asked_for(self, store):
        checklist = queries.in_force("final_check")
        form = ChecklistForm.for_use("final_check", self.post(checklist, {}), new_energy=False)

        assert form.is_valid() is False
        assert "路试结果" in str(form.errors["checks"])

    def test_partial_lets_items_be_empty(self, store):
        checklist = queries.in_force("final_check")
        form = ChecklistForm.for_use("final_check", self.post(checklist, {}), new_energy=False, partial=True)

        assert form.is_valid(), form.errors

    def test_a_list_published_meanwhile_does_not_take_away_what_was_typed(self, store, inspector, manager):
        old = queries.in_force("wash")
        data = self.post(old, all_ok(old))
        standards.publish(standards.draft(use="wash", by=manager), by=manager)

        form = ChecklistForm.for_use("wash", data, new_energy=False)

        assert form.is_valid(), form.errors
        run = standards.record_run(
            use="wash", visit_id=VISIT, results=form.cleaned_results(), by=inspector, checklist=form.checklist
        )
        assert run.checklist == old

    def test_a_begun_run_shows_what_it_has(self, store, inspector):
        run = standards.start_run(use="final_check", visit_id=VISIT, by=inspector)
        torque = item_named(run.checklist, "左前轮螺栓扭矩")
        standards.fill(run, {torque.pk: {"state": "ok", "value": "110"}}, by=inspector)

        assert 'value="110"' in ChecklistForm(run).as_p()
