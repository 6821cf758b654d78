"""The shape of the house: what no test of one app would notice when it bends."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import ForeignKey
from django.utils.module_loading import import_string

from core.constraints import SameStore
from core.stages import ENDS, Stage
from stores.choices import PERMISSION_HOLDERS
from stores.models import Store, StoreModel
from visits import journey

ROOT = Path(settings.BASE_DIR)
CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
# The highest first.
LAYERS = CONTRACTS["apps"]["layers"]
# Other tests make throw-away models inside our apps; those are not ours.
OURS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in LAYERS and not model.__module__.startswith("tests.")
]
BUSINESS = [model for model in OURS if issubclass(model, StoreModel)]
# Rooms that are called from pages, tasks, commands and the API alike.
QUIET_ROOMS = ("domain", "queries", "gates", "rules", "models", "events", "choices", "journey")
OUTSIDE = (
    "django.http",
    "django.shortcuts",
    "django.template",
    "django.views",
    "django.forms",
    "django.contrib.messages",
    "crispy_forms",
    "rest_framework",
    "celery",
)


def sources(app: str) -> list[Path]:
    """Python files of one app, but for its migrations."""
    return [path for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def quiet_files() -> list[Path]:
    return [
        path
        for app in LAYERS[1:]
        for path in sources(app)
        if path.relative_to(ROOT / app).parts[0].removesuffix(".py") in QUIET_ROOMS and app != "core"
    ]


def imported(module: ast.Module) -> list[str]:
    """Dotted names that a file imports, `from a import b` as `a.b`."""
    names = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


# --- Layers --------------------------------------------------------------------------------------------------------


def test_every_app_stands_in_the_layers():
    installed = {config.name for config in apps.get_app_configs() if Path(config.path).parent == ROOT}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}

    assert packages == set(LAYERS)
    assert installed == set(LAYERS) - {"core", "dealership"} | (installed & {"core", "dealership"})
    assert len(LAYERS) == len(set(LAYERS))


def test_the_rooms_are_kept_in_every_app_of_the_layers():
    # Doors for machines and the words below all have rooms of their own kind.
    assert set(CONTRACTS["rooms"]["containers"]) == set(LAYERS) - {"api", "core", "dealership"}


def test_foreign_keys_point_down():
    up = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in OURS
        for field in model._meta.get_fields()
        if (field.many_to_one or field.one_to_one or field.many_to_many)
        and field.concrete
        and field.related_model._meta.app_label in LAYERS
        and LAYERS.index(field.related_model._meta.app_label) < LAYERS.index(model._meta.app_label)
    ]

    assert up == []


def test_strings_that_name_a_model_point_down():
    """`get_model("orders.Line")`, `ForeignKey("orders.Line")`: an import in disguise."""
    labels = {model._meta.label.lower(): model._meta.app_label for model in OURS}
    up = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value}"
        for app in LAYERS
        for path in sources(app)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value
        # With its capital letter it is a model's label; "orders.line" is the journal's word for a subject.
        if node.value.lower() in labels and node.value != node.value.lower()
        if LAYERS.index(labels[node.value.lower()]) < LAYERS.index(app)
    ]

    assert up == []


# --- The journey ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted({way.gate for _, way in journey.all_ways() if way.gate}), ids=lambda path: path)
def test_every_gate_of_the_journey_exists(path):
    assert callable(import_string(path))
    assert path.split(".")[1] == "gates"


def test_every_stage_but_the_ends_has_a_way_out():
    assert set(journey.JOURNEY) == set(Stage)
    assert {stage for stage, ways in journey.JOURNEY.items() if not ways} == set(ENDS)


def test_every_stage_but_the_first_is_reached():
    assert set(Stage) - {way.to for _, way in journey.all_ways()} == {Stage.BOOKING}


def test_somebody_may_take_every_way():
    held = {name for name, holders in PERMISSION_HOLDERS.items() if holders}

    assert [way for _, way in journey.all_ways() if not set(way.permissions) & held] == []
    assert {name for _, way in journey.all_ways() for name in way.permissions} - held == set()


def test_the_regular_way_has_a_gate():
    open_ways = [
        (stage.value, ways[0].to.value) for stage, ways in journey.JOURNEY.items() if ways and not ways[0].gate
    ]

    assert open_ways == []


def _writes_of_stage(module: ast.Module) -> list[int]:
    """Lines that set an attribute `stage`, update it in the database, name it in `update_fields`, or by `setattr`."""
    lines = []
    for node in ast.walk(module):
        targets = []
        if isinstance(node, ast.Assign):
            targets = [t for target in node.targets for t in ast.walk(target)]
        elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
            targets = [node.target]
        # The outermost name counts: `rows[visit.stage] = 1` sets no stage.
        if any(isinstance(t, ast.Attribute) and t.attr == "stage" and isinstance(t.ctx, ast.Store) for t in targets):
            lines.append(node.lineno)
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        named = keywords.get("update_fields")
        if called in ("update", "aupdate") and "stage" in keywords and _of_visits(node.func):
            lines.append(node.lineno)
        if called == "setattr" and len(node.args) > 1 and getattr(node.args[1], "value", "") == "stage":
            lines.append(node.lineno)
        if called == "save" and named is not None and any(getattr(n, "value", "") == "stage" for n in ast.walk(named)):
            lines.append(node.lineno)
    return lines


def _of_visits(function: ast.expr) -> bool:
    """`dict.update(stage=...)` is told from a query by the manager in its chain."""
    return any(
        isinstance(node, ast.Attribute) and node.attr in ("objects", "filter", "visits") for node in ast.walk(function)
    )


def test_only_the_visits_domain_writes_a_stage():
    elsewhere = [
        f"{path.relative_to(ROOT)}:{line}"
        for app in LAYERS
        for path in sources(app)
        if (ROOT / "visits" / "domain") not in path.parents
        for line in _writes_of_stage(tree(path))
    ]

    assert elsewhere == []


def test_the_visits_domain_writes_it_in_one_place():
    found = [path.name for path in sources("visits") for _ in _writes_of_stage(tree(path))]

    assert found == ["journey.py"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("visit.stage = 'wash'", 1),
        ("visit.stage, n = 'wash', 1", 1),
        ("Visit.objects.filter(pk=1).update(stage='wash')", 1),
        ("setattr(visit, 'stage', 'wash')", 1),
        ("visit.save(update_fields=['stage'])", 1),
        ("rows[visit.stage] = 1", 0),
        ("context.update(stage='wash')", 0),
        ("Visit.objects.filter(stage='wash')", 0),
    ],
)
def test_a_write_of_a_stage_is_recognised(text, found):
    assert len(_writes_of_stage(ast.parse(text))) == found


# --- Rooms ---------------------------------------------------------------------------------------------------------


def test_no_drawer_for_everything():
    drawers = re.compile(r"(utils?|helpers?|misc|common)(\.py)?")
    found = [
        str(path.relative_to(ROOT))
        for app in [*LAYERS, "tests"]
        for path in (ROOT / app).rglob("*")
        if drawers.fullmatch(path.name)
    ]

    assert found == []


@pytest.mark.parametrize("path", quiet_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_rooms_below_the_pages_know_no_web_and_no_worker(path):
    wrong = [name for name in imported(tree(path)) if name.startswith(OUTSIDE)]

    assert wrong == []


# What Django reads first may import its registrations only once models are there; production has no embedded servers.
OWN_REASON = {ROOT / "dealership" / "embedded" / "command.py"}


def test_imports_stand_at_the_top():
    """An import inside a function hides a cycle."""
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for app in LAYERS
        for path in sources(app)
        for function in ast.walk(tree(path))
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom)) and _names_one_of_us(node)
        if path.name != "apps.py" and path not in OWN_REASON
    ]

    assert hidden == []


def _names_one_of_us(node: ast.Import | ast.ImportFrom) -> bool:
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return any(name.split(".")[0] in LAYERS for name in names)


# --- Stores --------------------------------------------------------------------------------------------------------


def test_every_model_of_ours_belongs_to_a_store_or_says_why_not():
    """The store and its logins; numbers of the law; keys that work for several stores, and what they were answered; the
    journal's own books, which keep the store as a number."""
    others = {model._meta.label for model in OURS if model not in BUSINESS and not model._meta.proxy}

    assert {label for label in others if not label.startswith("journal.")} == {
        "stores.Store",
        "stores.User",
        "catalogue.StatutoryNumber",
        "api.ApiKey",
        "api.IdempotencyRecord",
    }


@pytest.mark.parametrize("model", BUSINESS, ids=lambda model: model._meta.label)
def test_a_row_and_all_it_points_at_are_of_one_store(model):
    keys = {
        field.name
        for field in model._meta.local_fields
        if isinstance(field, ForeignKey) and issubclass(field.related_model, StoreModel)
    }
    tied = {constraint.field for constraint in model._meta.constraints if isinstance(constraint, SameStore)}
    names = {constraint.name for constraint in model._meta.constraints}

    assert tied == keys
    assert f"{model._meta.app_label}_{model._meta.model_name}_in_store" in names
    assert model._meta.get_field("store").related_model is Store


@pytest.mark.django_db
def test_the_database_has_these_constraints(django_db_setup):
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f' AND array_length(conkey, 1) = 2")
        present = {name for (name,) in cursor.fetchall()}
    wanted = {c.name for model in BUSINESS for c in model._meta.constraints if isinstance(c, SameStore)}

    assert wanted - present == set()
