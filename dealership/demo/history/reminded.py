"""How the car came to be here: the reminder before its service, for those who agreed to be reminded; and reminders in vain."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from dealership.demo.copying import NULL

if TYPE_CHECKING:
    from dealership.demo.history.stay import Stay

DAY = 86_400
# A car that was here has been reminded of its next service, unless it came back before that was due.
REMINDED, AFTER_DAYS = 0.8, 60
BOOKED_AFTER = 0.55
WHY_NOT = (("expired", 5), ("declined", 3), ("elsewhere", 2), ("unreachable", 2))


def write(stay: Stay) -> None:
    r = stay.r
    if stay.before is None or not stay.may_remind or stay.day - stay.before < AFTER_DAYS or r.random() > REMINDED:
        return
    c, ts = stay.c, stay.c.ts
    # The message goes out ten days before the due day; who books comes around it, the others some other time.
    contacted = max(stay.opened - int(r.uniform(0.2, 8) * DAY), (stay.before + 30) * DAY)
    due = c.day_texts[contacted // DAY + 10]
    kind = "win_back" if stay.day - stay.before > 215 else "maintenance"
    came = stay.booked and contacted < stay.opened and r.random() < BOOKED_AFTER
    if came:
        end = ("done", ts(stay.opened), stay.id, ts(stay.arrived), "", ts(stay.arrived))
    else:
        reason = r.choices([code for code, _n in WHY_NOT], [n for _code, n in WHY_NOT])[0]
        contacted = max(contacted - 45 * DAY, (stay.before + 30) * DAY)
        due = c.day_texts[contacted // DAY + 10]
        end = ("stopped", NULL, NULL, NULL, reason, ts(contacted + 20 * DAY))
    state, booked_at, visit, came_at, reason, ended_at = end
    c.tables["reminder"].add(
        str(c.at.reminder + stay.i), c.store, kind, stay.vehicle, stay.customer, c.day_texts[stay.before], due, due, state, NULL,
        json.dumps({}), "0.00", ts(contacted), booked_at, visit, came_at, reason, ts(contacted), ended_at,
    )  # fmt: skip
