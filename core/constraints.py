"""Constraints that tie a row to its own store."""

import hashlib

from django.core import checks
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.ddl_references import Columns, Statement, Table
from django.utils.translation import gettext_lazy as _

# PostgreSQL cuts identifiers at 63 bytes without a word.
MAX_NAME = 63


class SameStore(models.BaseConstraint):
    """The row that the foreign key points to belongs to the same store as this row.

    A composite foreign key (store_id, <fk>_id) -> parent (store_id, id), checked at commit. django-scopes filters reads but stops neither a
    create nor a walk across stores; this does, also for raw SQL. The parent has the unique constraint (store, id) of `stores.StoreModel`;
    the Django field beside it says `db_constraint=False`, so that each row is checked once. An empty foreign key passes.
    """

    default_violation_error_message = _("This %(field)s belongs to another store.")
    violation_error_code = "other_store"
    create_template = (
        "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(columns)s) "
        "REFERENCES %(to_table)s (%(to_columns)s) DEFERRABLE INITIALLY DEFERRED"
    )

    def __init__(self, field: str, *, name: str | None = None, violation_error_code=None, violation_error_message=None):
        self.field = field
        super().__init__(
            name=name or f"%(app_label)s_%(class)s_{field}_same_store",
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )

    @property
    def name(self) -> str:
        return self._name

    @name.setter
    def name(self, value: str) -> None:
        # Django fills in app label and class by assigning the name once more; only then is its length known.
        if "%(" not in value and len(value) > MAX_NAME:
            value = f"{value[: MAX_NAME - 9]}_{hashlib.sha256(value.encode()).hexdigest()[:8]}"
        self._name = value

    def _key(self, model) -> models.ForeignKey:
        return model._meta.get_field(self.field)

    def _statement(self, model, schema_editor) -> Statement:
        key = self._key(model)
        parent = key.related_model
        table, to_table = model._meta.db_table, parent._meta.db_table
        quote = schema_editor.quote_name
        store_column = model._meta.get_field("store").column
        return Statement(
            self.create_template,
            table=Table(table, quote),
            name=quote(self.name),
            columns=Columns(table, [store_column, key.column], quote),
            to_table=Table(to_table, quote),
            to_columns=Columns(to_table, [parent._meta.get_field("store").column, key.target_field.column], quote),
        )

    def constraint_sql(self, model, schema_editor):
        # Inside CREATE TABLE the parent, or its unique constraint, may not exist yet: added at the end of the migration as Django's own keys are.
        schema_editor.deferred_sql.append(self._statement(model, schema_editor))

    def create_sql(self, model, schema_editor):
        self.constraint_sql(model, schema_editor)

    def remove_sql(self, model, schema_editor):
        # A key that was to be added later in this very migration is simply not added.
        pending = [sql for sql in schema_editor.deferred_sql if self._is_mine(sql, schema_editor)]
        if pending:
            for sql in pending:
                schema_editor.deferred_sql.remove(sql)
            return None
        return schema_editor._delete_constraint_sql(schema_editor.sql_delete_constraint, model, self.name)

    def _is_mine(self, sql, schema_editor) -> bool:
        return (
            isinstance(sql, Statement)
            and sql.template == self.create_template
            and sql.parts["name"] == schema_editor.quote_name(self.name)
        )

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        """Raise ValidationError on the field if its object is another store's. One query, none while the key or the store is empty."""
        key = self._key(model)
        parent_id = getattr(instance, key.attname)
        if (exclude and self.field in exclude) or parent_id is None or instance.store_id is None:
            return
        parents = key.related_model._base_manager.using(using)
        if parents.filter(**{key.target_field.name: parent_id, "store_id": instance.store_id}).exists():
            return
        message = self.get_violation_error_message() % {"field": key.verbose_name}
        raise ValidationError({self.field: ValidationError(message, code=self.violation_error_code)})

    def get_violation_error_message(self):
        return str(self.violation_error_message)

    def _check(self, model, connection):
        """Django's system check: the field is a foreign key to a model with a store."""
        try:
            self._key(model).related_model._meta.get_field("store")
        except (FieldDoesNotExist, AttributeError):
            text = f"SameStore({self.field!r}): {self.field} is not a foreign key to a model with a store."
            return [checks.Error(text, obj=model, id="core.E001")]
        return []

    def deconstruct(self):
        path, _args, kwargs = super().deconstruct()
        return path, (self.field,), kwargs

    def __eq__(self, other):
        if isinstance(other, SameStore):
            return self.deconstruct() == other.deconstruct()
        return super().__eq__(other)

    def __hash__(self):
        return hash((self.field, self.name))

    def __repr__(self):
        return f"<SameStore: {self.field} name={self.name!r}>"


def same_store(*fields: str) -> list[SameStore]:
    """One SameStore per foreign key, for `Meta.constraints`."""
    return [SameStore(field) for field in fields]


def one_of(field: str) -> models.Func:
    """`field` as a range of one id, so that an exclusion constraint needs no btree_gist extension. An empty key gives the infinite range:
    a constraint over an optional key needs a condition that it is not null."""
    return models.Func(models.F(field), models.F(field), models.Value("[]"), function="int8range")
