"""Messages are found wherever they stand, and a translation that is incomplete or wrong is named."""

import threading
from pathlib import Path

import polib
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from dealership.translations import catalogue, sources
from dealership.translations.catalogue import Catalogue
from dealership.translations.sources import Found, Message

PYTHON = """
from django.utils import translation
from django.utils.translation import gettext_lazy as _, ngettext, pgettext

LABEL = _("Mile" "age")
def told(count):
    pgettext("car", "Model")
    translation.gettext("Plain %(name)s")
    return ngettext("%(count)d car", "%(count)d cars", count)
def not_a_message():
    _ = str
    return other("No message")
"""
TEMPLATE = """
{% load i18n %}
<p title="{% translate 'Wash' %}">gettext('not a message')</p>
{% blocktranslate trimmed count n=cars|length %}
  {{ n }} car
  waits
{% plural %}
  {{ n }} cars wait
{% endblocktranslate %}
{% translate "Front" context "side" %}
{{ value|default:_("None yet") }}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "garage").mkdir()
    (tmp_path / "templates").mkdir()
    return tmp_path


def read(tree: Path, *, python: str = "", template: str = "") -> Found:
    (tree / "garage" / "views.py").write_text(python)
    (tree / "templates" / "page.html").write_text(template)
    return sources.extract(tree, ["garage"])


def test_python_messages_are_found_under_any_imported_name(tree):
    assert sorted(read(tree, python=PYTHON).messages) == [
        Message("%(count)d car", "%(count)d cars"),
        Message("Mileage"),
        Message("Model", context="car"),
        Message("Plain %(name)s"),
    ]


def test_template_messages_are_found_as_django_reads_them(tree):
    assert sorted(read(tree, template=TEMPLATE).messages) == [
        Message("%(n)s car waits", "%(n)s cars wait"),
        Message("Front", context="side"),
        Message("None yet"),
        Message("Wash"),
    ]


@pytest.mark.parametrize(
    ("python", "mistake"),
    [
        ("def f(x):\n    return _(f'{x} cars')", "put together at run time"),
        ("def f(x):\n    return _('a' + x)", "put together at run time"),
        ("LABEL = _('Too early')", "runs at import"),
    ],
)
def test_calls_that_can_never_be_translated_are_named(tree, python, mistake):
    found = read(tree, python=f"from django.utils.translation import gettext as _\n{python}\n")

    assert [mistake in text for text in found.mistakes] == [True]


def test_line_breaks_in_a_message_are_named(tree):
    found = read(tree, template="{% load i18n %}{% blocktranslate %}one\n  two{% endblocktranslate %}")

    assert ["without `trimmed`" in text for text in found.mistakes] == [True]


def merged(folder: Path, found: Found, texts: dict[str, str], **options) -> tuple[Catalogue, list[str]]:
    kept = Catalogue(folder)
    with kept.changing() as po:
        notes = catalogue.merge(po, found, texts, **options)
    return kept, notes


def found_of(*messages: Message) -> Found:
    return Found(messages=dict.fromkeys(messages, "page.html:1"))


CAR = Message("%(n)s car", "%(n)s cars")
WASH = Message("Wash")
FRONT = Message("Front", context="side")


def test_a_complete_translation_has_no_problems(tmp_path):
    found = found_of(CAR, WASH, FRONT)

    kept, notes = merged(tmp_path, found, {"%(n)s car": "%(n)s 台车", "Wash": "洗车", "side\x04Front": "前"})

    assert (notes, catalogue.problems(kept, found)) == ([], [])
    compiled = polib.mofile(str(kept.mo_path))
    assert {entry.msgid: entry.msgstr or entry.msgstr_plural[0] for entry in compiled} == {
        "%(n)s car": "%(n)s 台车",
        "Wash": "洗车",
        "Front": "前",
    }


def test_the_file_is_the_same_whatever_the_order_of_merging(tmp_path):
    found = found_of(CAR, WASH)
    one, _ = merged(tmp_path / "one", found, {"Wash": "洗车"})
    merged(tmp_path / "one", found, {"%(n)s car": "%(n)s 台车"})

    other, _ = merged(tmp_path / "other", found, {"%(n)s car": "%(n)s 台车", "Wash": "洗车"})

    assert one.po_path.read_text() == other.po_path.read_text()
    assert "page.html" not in one.po_path.read_text()


def test_an_existing_translation_is_kept_unless_told(tmp_path):
    merged(tmp_path, found_of(WASH), {"Wash": "洗车"})

    kept, notes = merged(tmp_path, found_of(WASH), {"Wash": "清洗"})
    assert (kept.read()[0].msgstr, len(notes)) == ("洗车", 1)

    kept, notes = merged(tmp_path, found_of(WASH), {"Wash": "清洗"}, replace=True)
    assert (kept.read()[0].msgstr, notes) == ("清洗", [])


def test_missing_unused_fuzzy_and_placeholders_are_named(tmp_path):
    kept, _ = merged(tmp_path, found_of(CAR, WASH), {"%(n)s car": "台车", "Wash": "洗车", "Gone": "没了"})
    with kept.changing() as po:
        po.find("Wash").flags.append("fuzzy")

    assert catalogue.problems(kept, found_of(CAR, WASH, FRONT)) == [
        "page.html:1: no translation of 'side\\x04Front'",
        "page.html:1: no translation of 'Wash'",
        "placeholders of '%(n)s car' are ['%(n)s'], its translation has []",
        "unused translation of 'Gone'; drop it with `manage.py translations --prune`",
        "fuzzy translation of 'Wash'",
    ]


def test_an_old_mo_file_is_named(tmp_path):
    kept, _ = merged(tmp_path, found_of(WASH), {"Wash": "洗车"})
    kept.po_path.write_text(kept.po_path.read_text().replace("洗车", "清洗"))

    assert catalogue.problems(kept, found_of(WASH)) == [
        "django.mo is older than django.po; run `manage.py translations`"
    ]


def test_a_message_that_gets_a_plural_keeps_its_translation(tmp_path):
    merged(tmp_path, found_of(Message("%(n)s car")), {"%(n)s car": "%(n)s 台车"})

    kept, _ = merged(tmp_path, found_of(CAR), {})

    assert catalogue.problems(kept, found_of(CAR)) == []


def test_nobody_s_translation_is_lost_when_all_merge_at_once(tmp_path):
    names = [f"message {number}" for number in range(12)]
    found = found_of(*map(Message, names))
    ready = threading.Barrier(len(names))

    def add(name: str) -> None:
        ready.wait()
        merged(tmp_path, found, {name: "译文"})

    threads = [threading.Thread(target=add, args=[name]) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert catalogue.problems(Catalogue(tmp_path), found) == []


@pytest.mark.parametrize("content", ["[]", '{"Wash": ""}', "{"])
def test_a_file_that_is_no_translation_is_refused_in_one_sentence(tmp_path, content):
    (tmp_path / "texts.json").write_text(content)

    with pytest.raises(CommandError) as refused:
        call_command("translations", merge=tmp_path / "texts.json")

    assert str(refused.value).count("\n") == 0
