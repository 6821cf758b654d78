"""`manage.py up`: the whole product on this machine, until Ctrl-C."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from dealership import demo
from dealership.up.console import Steps
from dealership.up.supervisor import CannotStart, Plan, Supervisor

DEMO_VISITS = 1000


class Command(BaseCommand):
    help = (
        "Start database, broker, web, worker and beat, with a demo store if the database is empty, and stop all of it "
        "on Ctrl-C. PORT, HOST, DATABASE_URL, REDIS_URL, WEB_WORKERS and WEB_THREADS are respected."
    )
    # Checks need a database for some of their answers; `migrate` comes first.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument(
            "--demo-visits", type=int, default=DEMO_VISITS, help=f"visits of the demo store ({DEMO_VISITS}; 0: none)"
        )

    def handle(self, *, demo_visits, **options):
        if settings.PRODUCTION:
            raise CommandError("`up` is for trying the product; README.md tells how to run it for real.")
        steps = Steps()
        plan = Plan(
            root=settings.BASE_DIR,
            var=settings.VAR_DIR,
            host=os.environ.get("HOST") or "127.0.0.1",
            port=_number("PORT", 8000),
            web_workers=_number("WEB_WORKERS", min(2, os.cpu_count() or 1)),
            web_threads=_number("WEB_THREADS", 4),
            demo_visits=demo_visits,
        )
        try:
            Supervisor(plan, steps).run(on_ready=lambda **state: _welcome(steps, plan, **state))
        except CannotStart as error:
            raise CommandError(str(error)) from None


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, "")
    if not text:
        return default
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise CommandError(f"{name} is {text!r}; it must be a number from 1 to 65535.")
    return int(text)


def _welcome(steps: Steps, plan: Plan, *, demo_store: bool) -> None:
    steps.say("")
    steps.say(f"Ready. Staff: {plan.url}/   Customers: {plan.url}/c/   Stop with Ctrl-C.")
    if demo_store:
        rows = []
        for role, username, name in demo.DEMO_LOGINS:
            with override("en"):
                role_en = str(role.label)
            with override("zh-hans"):
                rows.append((f"{role.label} · {role_en}", username, name))
        steps.table(f"Demo logins, password of all: {demo.PASSWORD}", ["Role", "User name", "Person"], rows)
