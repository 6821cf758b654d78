"""`manage.py rebuild_rollups`: count the CSI page's sums anew from the journal, after a change of what is counted."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from reports import domain
from reports.reactions.csi import NAMES


class Command(BaseCommand):
    help = (
        "Empty the roll-ups of all stores; the running product fills them again from the journal, oldest events first."
    )

    def handle(self, **options):
        domain.rebuild(*NAMES)
        self.stdout.write("Emptied. The figures are complete again when the reactions have caught up.")
