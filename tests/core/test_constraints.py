"""A row cannot point at another store's row, whoever writes it."""

from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter
from django.test.utils import isolate_apps

from core.constraints import SameStore, same_store


def declare():
    """Three tables of a made-up app: a shop, a case in a shop, and a note about a case."""

    class Shop(models.Model):
        class Meta:
            app_label = "core"

    class InShop(models.Model):
        store = models.ForeignKey(Shop, models.CASCADE)

        class Meta:
            app_label = "core"
            abstract = True
            constraints = [models.UniqueConstraint(fields=["store", "id"], name="%(app_label)s_%(class)s_in_store")]

    class Case(InShop):
        class Meta(InShop.Meta):
            constraints = [*InShop.Meta.constraints]

    class Note(InShop):
        case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, db_constraint=False)
        parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, db_constraint=False)

        class Meta(InShop.Meta):
            constraints = [*InShop.Meta.constraints, *same_store("case", "parent")]

    return Shop, Case, Note


@pytest.fixture
def tables(db):
    with isolate_apps("core"):
        models_made = declare()
        # The child first: like Django's own foreign keys, the constraint waits until the parent is there.
        with connection.schema_editor() as editor:
            for model in reversed(models_made):
                editor.create_model(model)
        yield models_made


@contextmanager
def refused_at_commit(constraint):
    """The block's writes pass one by one, and what a commit checks refuses them."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        yield
        connection.check_constraints()


def constraint_names(table):
    with connection.cursor() as sql:
        sql.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f' AND cardinality(conkey) = 2",
            [table],
        )
        return {name for (name,) in sql.fetchall()}


def test_the_keys_are_made_with_the_table(tables):
    assert constraint_names("core_note") == {"core_note_case_same_store", "core_note_parent_same_store"}


def test_own_rows_and_empty_keys_pass(tables):
    shop, case, note = tables
    here = shop.objects.create()
    mine = case.objects.create(store=here)
    first = note.objects.create(store=here, case=mine)
    note.objects.create(store=here, parent=first)
    note.objects.create(store=here)
    connection.check_constraints()


@pytest.mark.parametrize("field", ["case", "parent"])
def test_another_stores_row_is_refused_at_commit(tables, field):
    shop, case, note = tables
    here, there = shop.objects.create(), shop.objects.create()
    foreign = {"case": case, "parent": note}[field].objects.create(store=there)
    with refused_at_commit(f"core_note_{field}_same_store"):
        note.objects.create(store=here, **{field: foreign})


def test_a_row_that_does_not_exist_is_refused_at_commit(tables):
    shop, _case, note = tables
    with refused_at_commit("core_note_case_same_store"):
        note.objects.create(store=shop.objects.create(), case_id=10**9)


def test_a_parent_cannot_move_to_another_store(tables):
    shop, case, note = tables
    here, there = shop.objects.create(), shop.objects.create()
    mine = case.objects.create(store=here)
    note.objects.create(store=here, case=mine)
    with refused_at_commit("core_case"):
        case.objects.update(store=there)


def test_the_form_says_it_first_with_one_query(tables, django_assert_num_queries):
    shop, case, note = tables
    here, there = shop.objects.create(), shop.objects.create()
    [constraint] = [c for c in note._meta.constraints if c.name == "core_note_case_same_store"]
    wrong = note(store=here, case=case.objects.create(store=there))
    with django_assert_num_queries(1), pytest.raises(ValidationError) as refused:
        constraint.validate(note, wrong)
    assert list(refused.value.error_dict) == ["case"]
    assert refused.value.error_dict["case"][0].code == "other_store"
    with pytest.raises(ValidationError) as whole:
        wrong.full_clean()
    assert list(whole.value.error_dict) == ["case"]


def test_what_needs_no_question_asks_none(tables, django_assert_num_queries):
    shop, case, note = tables
    here = shop.objects.create()
    constraint = same_store("case")[0]
    with django_assert_num_queries(0):
        constraint.validate(note, note(store=here))
        constraint.validate(note, note(case_id=3))
        constraint.validate(note, note(store=here, case_id=3), exclude={"case"})
    mine = case.objects.create(store=here)
    with django_assert_num_queries(1):
        constraint.validate(note, note(store=here, case=mine))


def state_of(*made):
    state = ProjectState()
    for model in made:
        state.add_model(ModelState.from_model(model))
    return state


def changes(before, after):
    detected = MigrationAutodetector(before, after, NonInteractiveMigrationQuestioner({"ask_initial": True})).changes(
        graph=_NoGraph()
    )
    return detected["core"][0] if detected else None


class _NoGraph:
    def leaf_nodes(self, app=None):
        return []


@isolate_apps("core")
def test_migrations_are_made_written_and_found_complete():
    made = declare()
    migration = changes(ProjectState(), state_of(*made))
    text = MigrationWriter(migration).as_string()
    assert "core.constraints.SameStore('case', name='core_note_case_same_store'" in text
    assert changes(state_of(*made), state_of(*made)) is None


@isolate_apps("core")
@pytest.mark.django_db
def test_a_written_migration_runs_forwards_and_backwards():
    migration = changes(ProjectState(), state_of(*declare()))
    assert isinstance(migration.operations[3], migrations.AddConstraint)
    # Forwards any order will do; backwards a key must go before the unique constraint that it points at.
    migration.operations.insert(2, migration.operations.pop())
    with connection.schema_editor() as editor:
        migration.apply(ProjectState(), editor)
    assert constraint_names("core_note") == {"core_note_case_same_store", "core_note_parent_same_store"}
    with connection.schema_editor() as editor:
        migration.unapply(ProjectState(), editor)
    assert "core_note" not in connection.introspection.table_names()


def test_adding_and_removing_later(tables):
    shop, case, note = tables
    state = state_of(shop, case, note)
    [constraint] = [c for c in note._meta.constraints if c.name == "core_note_case_same_store"]
    remove = migrations.RemoveConstraint("note", "core_note_case_same_store")
    without = state.clone()
    remove.state_forwards("core", without)
    with connection.schema_editor() as editor:
        remove.database_forwards("core", editor, state, without)
    assert constraint_names("core_note") == {"core_note_parent_same_store"}
    add = migrations.AddConstraint("note", constraint)
    again = without.clone()
    add.state_forwards("core", again)
    with connection.schema_editor() as editor:
        add.database_forwards("core", editor, without, again)
    assert constraint_names("core_note") == {"core_note_case_same_store", "core_note_parent_same_store"}


def test_adding_and_removing_in_one_migration_leaves_nothing(tables):
    note = tables[2]
    [constraint] = [c for c in note._meta.constraints if c.name == "core_note_case_same_store"]
    extra = SameStore("case", name="extra")
    with connection.schema_editor() as editor:
        editor.add_constraint(note, extra)
        editor.remove_constraint(note, extra)
        editor.remove_constraint(note, constraint)
    assert constraint_names("core_note") == {"core_note_parent_same_store"}


def test_long_names_are_cut_without_meeting():
    one, other = (SameStore("x", name=f"{'a' * 70}{end}") for end in "12")
    assert len(one.name) == len(other.name) == 63
    assert one.name != other.name
    assert one.clone() == one


@isolate_apps("core")
def test_a_field_without_a_store_is_an_error_of_the_model():
    class Wrong(models.Model):
        number = models.IntegerField()

        class Meta:
            app_label = "core"
            constraints = same_store("number")

    [error] = Wrong._meta.constraints[0]._check(Wrong, connection)
    assert error.id == "core.E001"
