"""What a page must not do to people: axe's serious findings, and scrolling sideways on a phone."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings

AXE = Path(settings.BASE_DIR) / "static" / "vendor" / "axe.min.js"
# The rules of WCAG up to 2.2 AA, which is what we promise; axe's own best practices are left out.
RUN = """axe.run(document, {resultTypes: ["violations"], runOnly: {type: "tag",
    values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}).then((found) => JSON.stringify(found.violations.map(
    (v) => [v.impact, v.id, v.nodes.map((n) => n.target.join(" ")).slice(0, 5)])))"""


def serious(page) -> list[str]:
    """Findings of axe-core with impact serious or critical, as "rule: elements"; the page's content policy stays on."""
    if not AXE.exists():
        raise AssertionError("static/vendor/ is missing: run `npm ci && npm run build` (make test does it)")
    devtools = page.context.new_cdp_session(page)
    # Through the debugger: a script tag or eval would be stopped by the content policy, as it should be.
    devtools.send("Runtime.evaluate", {"expression": AXE.read_text()})
    answer = devtools.send("Runtime.evaluate", {"expression": RUN, "awaitPromise": True, "returnByValue": True})
    devtools.detach()
    found = json.loads(answer["result"]["value"])
    return [f"{rule}: {', '.join(targets)}" for impact, rule, targets in found if impact in ("serious", "critical")]


def sideways(page) -> int:
    """Pixels by which the page can be scrolled sideways; a phone page has 0."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
