"""Every event and every reaction of the product, whichever app declares it."""

from string import Formatter

import pytest
from django.apps import apps
from django.utils import translation

from journal import events, registry

EVENTS = sorted(events.registered().items())
REACTIONS = registry.reactions()


def placeholders(template) -> set[str]:
    return {field for _text, field, _spec, _conversion in Formatter().parse(str(template)) if field is not None}


def test_there_are_events_and_reactions():
    assert EVENTS
    assert REACTIONS


@pytest.mark.parametrize(("name", "cls"), EVENTS, ids=[name for name, _cls in EVENTS])
def test_an_event_can_be_told_in_both_languages(name, cls):
    assert cls.__module__.partition(".")[0] == name.partition(".")[0]
    assert getattr(cls, "sentence", ""), "the visit's timeline is made of sentences"
    assert set(getattr(cls, "labels", {})) <= set(cls.event_types)
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert placeholders(cls.sentence) <= set(cls.event_types)
            assert events.sentence(name, {}) != name


@pytest.mark.parametrize("reaction", REACTIONS, ids=[reaction.name for reaction in REACTIONS])
def test_a_reaction_has_the_name_of_its_app_and_reads_events_that_exist(reaction):
    app = reaction.handler.__module__.partition(".")[0]
    assert reaction.name.partition(".")[0] == app
    assert apps.is_installed(app)
    assert set(reaction.event_names) <= set(events.registered())
