"""Rules of the counter that need no rows: which questions a fault in the customer's words calls for, how soon a call is
answered, how much a tablet's word about time is worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reception.choices import CallKind
from reception.choices import ConcernTopic as Topic

# How soon somebody comes. A drink and a seat are at hand; a car has to be fetched.
CALL_MINUTES = {CallKind.DRINK: 5, CallKind.SEAT: 5, CallKind.RIDE: 15, CallKind.ADVISOR: 10}
GREET_WITHIN = timedelta(minutes=3)  # of arrival, as promised to customers where the store has set nothing else
LONGEST_KEPT = timedelta(days=3)

# Words customers use, by topic.
KEYWORDS: dict[Topic, tuple[str, ...]] = {
    Topic.NOISE: ("响", "异音", "噪", "吱", "咯", "嗡", "啸", "noise", "squeal", "rattle", "knock"),
    Topic.LAMP: ("灯", "报警", "提示", "故障码", "lamp", "light", "warning"),
    Topic.LEAK: ("漏", "渗", "滴", "油迹", "水迹", "leak", "drip"),
    Topic.BRAKES: ("刹车", "制动", "踏板", "brake"),
    Topic.SHAKE: ("抖", "震", "振", "跑偏", "摆", "shake", "vibrat", "pull"),
    Topic.POWER: ("启动", "打不着", "熄火", "无力", "加速", "油耗", "start", "stall", "power"),
    Topic.CLIMATE: ("空调", "不冷", "不热", "异味", "出风", "air-con", "heater"),
    Topic.CHARGING: ("充电", "续航", "电池", "高压", "慢充", "快充", "charg", "range", "battery"),
}
EVERYTHING = tuple(Topic)


@dataclass(frozen=True)
class Question:
    """A question about the fault (F2 故障现象): its code, its words, its answers (code, words), the topics it matters for."""

    code: str
    label: str | Promise
    answers: tuple[tuple[str, str | Promise], ...]
    topics: tuple[Topic, ...] = EVERYTHING


QUESTIONS = (
    Question(
        "since",
        _("Since when?"),
        (("today", _("Today")), ("week", _("Within a week")), ("month", _("Within a month")), ("long", _("Longer"))),
    ),
    Question(
        "often",
        _("How often?"),
        (("always", _("Always")), ("often", _("Often")), ("seldom", _("Now and then")), ("once", _("Once"))),
    ),
    Question(
        "warmth",
        _("Cold or warm?"),
        (("cold", _("Cold start")), ("warm", _("Warm")), ("both", _("Both"))),
        (Topic.NOISE, Topic.SHAKE, Topic.POWER, Topic.LAMP, Topic.CLIMATE),
    ),
    Question(
        "speed",
        _("At which speed?"),
        (("still", _("Standing")), ("slow", _("Below 40")), ("middle", _("40–80")), ("fast", _("Above 80"))),
        (Topic.NOISE, Topic.SHAKE, Topic.BRAKES, Topic.POWER),
    ),
    Question(
        "doing",
        _("While doing what?"),
        (
            ("braking", _("Braking")),
            ("turning", _("Turning")),
            ("speeding_up", _("Speeding up")),
            ("bumps", _("Over bumps")),
            ("idling", _("Idling")),
        ),
        (Topic.NOISE, Topic.SHAKE, Topic.BRAKES),
    ),
    Question(
        "place",
        _("Where does it come from?"),
        (
            ("front", _("Front")),
            ("rear", _("Rear")),
            ("below", _("Below")),
            ("engine_bay", _("Under the bonnet")),
            ("inside", _("Inside")),
        ),
        (Topic.NOISE, Topic.LEAK, Topic.SHAKE),
    ),
    Question(
        "lamp",
        _("Which colour is the lamp?"),
        (("red", _("Red")), ("yellow", _("Yellow")), ("blinking", _("Blinking")), ("off_again", _("Out again"))),
        (Topic.LAMP, Topic.CHARGING, Topic.BRAKES),
    ),
    Question(
        "fluid",
        _("What does it look like?"),
        (
            ("clear", _("Clear as water")),
            ("black", _("Dark, oily")),
            ("coloured", _("Red, green or blue")),
            ("fuel", _("Smells of fuel")),
        ),
        (Topic.LEAK,),
    ),
    Question(
        "weather",
        _("In which weather?"),
        (("any", _("Any")), ("rain", _("Rain")), ("cold", _("Frost")), ("hot", _("Heat"))),
        (Topic.NOISE, Topic.POWER, Topic.CLIMATE, Topic.CHARGING),
    ),
    Question(
        "charger",
        _("At which charger?"),
        (
            ("home", _("At home")),
            ("slow", _("Public, slow")),
            ("quick", _("Public, quick")),
            ("every", _("At every one")),
        ),
        (Topic.CHARGING,),
    ),
    Question(
        "repaired",
        _("Worked on lately?"),
        (("no", _("No")), ("here", _("Here")), ("elsewhere", _("Elsewhere"))),
    ),
)
BY_CODE = {question.code: question for question in QUESTIONS}


def topics_of(words: str) -> set[Topic]:
    """What a fault in the customer's words is about; empty where no word is known."""
    words = words.lower()
    return {topic for topic, known in KEYWORDS.items() if any(word in words for word in known)}


def questions_for(words: str) -> list[Question]:
    """The questions that matter for a fault in these words; the ones for every fault where no word is known."""
    topics = topics_of(words)
    return [question for question in QUESTIONS if question.topics is EVERYTHING or topics & set(question.topics)]


def said(concern: dict[str, str]) -> list[tuple[str, str]]:
    """(question, answer) of what is kept with a sheet, in the order of asking; unknown codes are left out."""
    return [
        (str(question.label), str(dict(question.answers)[concern[question.code]]))
        for question in QUESTIONS
        if concern.get(question.code) in dict(question.answers)
    ]


def written_at(*, now: datetime, kept_seconds: int, earliest: datetime) -> datetime:
    """When a sheet was finished that lay on a tablet for `kept_seconds`: never before `earliest`, never after `now`."""
    kept = min(max(timedelta(seconds=kept_seconds), timedelta(0)), LONGEST_KEPT)
    return min(max(now - kept, earliest), now)
