"""What came after the car had left: the questionnaire by link or on the phone, and what was answered.

Planted here: the bill and the work are explained at pick-up in the standard's words only; for the last months of the history many
customers say that nobody did. The CSI page has to show this first.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from dealership.demo.copying import NULL
from dealership.demo.history.phrases import PRAISE, PROBLEMS
from dealership.demo.history.planning import ANSWERS_MAX, DAYS, FACTORS
from dealership.demo.history.story import tell

if TYPE_CHECKING:
    from dealership.demo.history.stay import Stay

LOW = 6
# Days before the end of the history since when the explanation at pick-up is left out, and how often.
UNEXPLAINED_DAYS, UNEXPLAINED, UNEXPLAINED_BEFORE = 140, 0.5, 0.04
BY_LINK, REACHED, TALKATIVE = 0.3, 0.84, 0.5
# Which question of a factor a broken promise, a second repair and a missing explanation pull down.
ON_TIME, EXPLAINED, SET_BACK, FIRST_TIME = ("pickup", 0), ("pickup", 1), ("pickup", 2), ("quality", 0)


def write(stay: Stay) -> None:
    r = stay.r
    late = stay.ready > stay.first
    rate = UNEXPLAINED if stay.day > DAYS - UNEXPLAINED_DAYS else UNEXPLAINED_BEFORE
    stay.mood = r.gauss(9.0 - 0.35 * late - 0.3 * stay.sent_back, 0.5)
    hurried = r.random() < rate
    pulled = {ON_TIME: 1.3 * late, FIRST_TIME: 1.1 * stay.sent_back, EXPLAINED: 2.2 * hurried, SET_BACK: 1.2 * hurried}
    stay.by_link = stay.may_ask and r.random() < BY_LINK
    stay.answer = None
    stay.case = False
    if stay.may_ask:
        _invited(stay)
    if stay.by_link:
        stay.answered = min(stay.released + 86_400 + int(r.expovariate(1 / 20_000)), stay.called)
        _respond(stay, pulled, channel="link", full=True)
    elif r.random() < REACHED:
        stay.answered = stay.called
        stay.mood += 0.15  # on the phone people are kinder
        _respond(stay, pulled, channel="phone", full=r.random() < TALKATIVE)
    _call(stay)


def _invited(stay: Stay) -> None:
    c, ts = stay.c, stay.c.ts
    sent = stay.released + 86_400
    state = "answered" if stay.by_link else "expired"
    token = hashlib.sha256(f"{c.seed} {stay.id}".encode()).hexdigest()
    answered = ts(min(sent + 7200, stay.called)) if stay.by_link else NULL
    row = str(c.at.invitation + stay.i)
    c.tables["invitation"].add(
        row, c.store, stay.id, str(c.m.questionnaire), ts(sent), ts(sent + 14 * 86_400), state, token, ts(sent), answered, ""
    )  # fmt: skip
    data = {"invitation_id": int(row), "released_on": stay.released_on, "advisor_id": int(stay.advisor)}
    tell(stay, "surveys.invited", sent, data, kind="surveys.invitation", subject=row, system="surveys")


def _respond(stay: Stay, pulled: dict, *, channel: str, full: bool) -> None:
    """The rows of an answer. A short call asks the three required questions only."""
    c, r, ts, m = stay.c, stay.r, stay.c.ts, stay.c.m
    overall, nps = _score(r, stay.mood, 1), _score(r, stay.mood - 0.1, 0)
    factors: dict[str, list[int]] = {code: [] for code in m.weights}
    scores, answers = [overall, nps], []
    for item, kind, code, place in m.items:
        if kind == "yes_no":
            continue
        if code is None:
            value = overall if kind == "scale" else nps
        elif full:
            value = _score(r, stay.mood - pulled.get((code, place), 0), 1)
            factors[code].append(value)
            scores.append(value)
        else:
            continue
        answers.append((item, str(value), NULL))
    worst = min(scores)
    problem = worst <= LOW and r.random() < 0.6
    low = worst <= LOW or problem
    answers += [(item, NULL, "t" if problem else "f") for item, kind, _code, _place in m.items if kind == "yes_no"]
    means = {code: sum(values) / len(values) for code, values in factors.items() if values}
    csi = round(sum(m.weights[code] * mean for code, mean in means.items()), 1) if full else None
    row, case = str(c.at.response + stay.i), str(c.at.case + stay.i) if low else NULL
    stay.case = low
    stay.answer = (overall, nps, problem)
    stay.channel, stay.words = channel, r.choice(PROBLEMS if low else PRAISE)
    caller = stay.caller if channel == "phone" else NULL
    c.tables["response"].add(
        row, c.store, stay.id, str(m.questionnaire), channel, ts(stay.answered), NULL if csi is None else str(csi),
        str(overall), str(nps), _flag(problem), _flag(low), stay.words, stay.advisor, str(stay.technician), caller,
        ts(stay.released), str(int(r.lognormvariate(4.7, 0.4))), "demo", case,
    )  # fmt: skip
    for place, (code, mean) in enumerate(means.items()):
        c.tables["score"].add(str(c.at.score + stay.i * FACTORS + place), c.store, row, code, f"{mean:.2f}")
    for place, (item, score, yes) in enumerate(answers):
        c.tables["answer"].add(str(c.at.answer + stay.i * ANSWERS_MAX + place), c.store, row, str(item), score, yes)
    data = {
        "response_id": int(row), "channel": channel, "released_on": stay.released_on, "low": low,
        "csi": None if csi is None else str(csi), "nps": nps, "overall": overall, "problem": problem,
        "advisor_id": int(stay.advisor), "technician_id": stay.technician, "case_id": int(case) if low else None,
        "factors": {code: f"{mean:.2f}" for code, mean in means.items()} or None,
    }  # fmt: skip
    by = {"customer": stay.customer} if channel == "link" else {"staff": stay.caller}
    tell(stay, "surveys.answered", stay.answered, data, kind="surveys.response", subject=row, **by)


def _call(stay: Stay) -> None:
    """The call owed to the visit: made, answered by link before it, or in vain."""
    c, ts = stay.c, stay.c.ts
    call = str(c.at.call + stay.i)
    spoken = stay.answer is not None and not stay.by_link
    state = "answered" if stay.by_link else "done" if spoken else "unreachable"
    overall, nps, problem = stay.answer if spoken else (NULL, NULL, None)
    said = (str(overall), str(nps), stay.words, _flag(problem)) if spoken else (NULL, NULL, "", NULL)
    case = str(c.at.case + stay.i) if spoken and stay.case else NULL
    c.tables["call"].add(
        call, c.store, stay.id, ts(stay.released + 72 * 3600), ts(stay.called), state, stay.caller, ts(stay.called), *said, case
    )  # fmt: skip
    if not stay.by_link:
        c.tables["attempt"].add(
            str(c.at.attempt + stay.i * 2), c.store, call, "1", "done" if spoken else "no_answer", stay.caller, ts(stay.called)
        )  # fmt: skip


def _score(r, mean: float, least: int) -> int:
    return max(least, min(10, round(r.gauss(mean, 0.6))))


def _flag(value: bool) -> str:
    return "t" if value else "f"
