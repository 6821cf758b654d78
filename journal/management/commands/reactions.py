from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django_scopes import scopes_disabled

from core.actors import Actor
from core.errors import DomainError
from journal import domain, queries, registry, runner
from journal.models import SetAside


class Command(BaseCommand):
    help = "Reactions: how far each has read (list), digest everything now (run), settle what was set aside (aside, retry, dismiss)."

    def add_arguments(self, parser):
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="every reaction with its lag")
        run = actions.add_parser("run", help="digest what is unread")
        run.add_argument("name", nargs="?", help="only this reaction")
        actions.add_parser("aside", help="events set aside and not settled")
        for action in ("retry", "dismiss"):
            actions.add_parser(action, help=f"{action} an event set aside").add_argument("id", type=int)

    def handle(self, *, action, **options):
        # Maintenance looks at the journal of all stores.
        with scopes_disabled():
            getattr(self, f"do_{action}")(**options)

    def do_list(self, **_):
        self.stdout.write(f"{'reaction':50} {'behind':>8} {'oldest':>12} {'set aside':>10}")
        for lag in queries.lag():
            behind = f"{lag.events}+" if lag.events == queries.LAG_COUNTED else str(lag.events)
            self.stdout.write(f"{lag.reaction:50} {behind:>8} {int(lag.age.total_seconds()):>10} s {lag.set_aside:>10}")

    def do_run(self, *, name, **_):
        runner.ensure_cursors()
        if not name:
            self.stdout.write(f"{runner.run_all(seconds=float('inf'))} handled, {runner.retry_due()} tried again")
            return
        reaction = registry.reaction(name)
        if reaction is None:
            raise CommandError(f"There is no reaction {name}. Known: {', '.join(r.name for r in registry.reactions())}")
        handled, outcome = 0, runner.Outcome(more=True)
        while outcome.more:
            outcome = runner.run(reaction)
            handled += outcome.handled
        self.stdout.write(f"{handled} handled{', another runner has it' if outcome.busy else ''}")

    def do_aside(self, **_):
        for aside in SetAside.objects.filter(resolved_at=None).order_by("id"):
            first_line = aside.error.splitlines()[0]
            self.stdout.write(
                f"{aside.pk} {aside.reaction} event {aside.event_id}, {aside.attempts} attempts: {first_line}"
            )

    def do_retry(self, *, id, **_):
        with transaction.atomic():
            self._settle(domain.retry, id)
        runner.retry_due()
        aside = SetAside.objects.get(pk=id)
        self.stdout.write("settled" if aside.resolved_at else f"failed again: {aside.error.splitlines()[0]}")

    def do_dismiss(self, *, id, **_):
        self._settle(domain.dismiss, id)
        self.stdout.write("dismissed")

    def _settle(self, verb, pk):
        try:
            verb(SetAside.objects.get(pk=pk), by=Actor.system("operator"))
        except SetAside.DoesNotExist:
            raise CommandError(f"Nothing set aside has the number {pk}.") from None
        except DomainError as error:
            raise CommandError(str(error)) from None
