"""What is on paper of a visit: the order with its lines and parts, the signed estimate, and what the customer asked for."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import TYPE_CHECKING

from dealership.demo.history.phrases import CONCERNS, CORRECTIONS, WANTS
from dealership.demo.history.planning import LINES_MAX, PARTS_MAX

if TYPE_CHECKING:
    from dealership.demo.history.stay import Stay


def order(stay: Stay) -> None:
    c, ts = stay.c, stay.c.ts
    pack, consent = str(c.at.pack + stay.i), str(c.at.consent + stay.i)
    signature, signed = str(c.at.signature + stay.i), ts(stay.signed)
    category = {"maintenance": "maintenance", "accident": "accident", "warranty": "warranty"}.get(stay.kind, "minor")
    c.tables["order"].add(str(c.at.order + stay.i), c.store, stay.id, category, signed)
    pay = "warranty" if stay.kind == "warranty" else "insurance" if stay.kind == "accident" else "customer"
    shown, parts_written, total = [], 0, Decimal(0)
    concern = stay.r.choice(CONCERNS[stay.kind])
    for place, (operation, title, hours, parts) in enumerate(stay.jobs):
        line = c.at.line + stay.i * LINES_MAX + place
        labour = (hours * c.m.rate).quantize(Decimal("0.01"))
        material = Decimal(0)
        for part_id, number, name, part_class, unit, quantity, price in parts:
            if parts_written == PARTS_MAX:
                break
            amount = (quantity * price).quantize(Decimal("0.01"))
            material += amount
            c.tables["part"].add(
                str(c.at.part + stay.i * PARTS_MAX + parts_written), c.store, str(line), str(part_id), number, name,
                str(part_class), unit, str(quantity), str(price), str(amount),
            )  # fmt: skip
            parts_written += 1
        c.tables["line"].add(
            str(line), c.store, stay.id, str(place + 1), "job", str(operation), title, concern if place == 0 else "",
            stay.r.choice(CORRECTIONS), pay, str(hours), str(c.m.rate), str(labour), str(material), "approved", consent,
            pack, "done", ts(stay.work_end), signed,
        )  # fmt: skip
        shown.append({"id": line, "title": title, "labour": str(labour), "material": str(material)})
        total += labour + material
    stay.total = total
    content = json.dumps({"visit": stay.number, "lines": shown, "totals": {"total": str(total)}}, ensure_ascii=False)
    digest = hashlib.sha256(content.encode()).hexdigest()
    c.tables["signature"].add(signature, c.store, stay.id, "estimate", stay.name, digest, signed)
    c.tables["pack"].add(pack, c.store, stay.id, "1", content, digest, signed, stay.advisor, signed)
    c.tables["consent"].add(
        consent, c.store, stay.id, pack, "signature", stay.name, signed, signature, digest, stay.advisor
    )


def needs(stay: Stay) -> None:
    c, ts = stay.c, stay.c.ts
    settled = ts(stay.handed)
    rows = [("matters_most", stay.r.choice(WANTS))]
    if stay.kind != "maintenance":
        rows.append(("fault", stay.r.choice(CONCERNS[stay.kind])))
    for place, (kind, words) in enumerate(rows):
        c.tables["need"].add(
            str(c.at.need + stay.i * 2 + place), c.store, stay.id, kind, words, "reception", stay.advisor, ts(stay.arrived),
            "done", "", settled, stay.advisor,
        )  # fmt: skip
