from django.core.management.base import BaseCommand

from journal import domain


class Command(BaseCommand):
    help = (
        "Begin a new epoch of the journal after the database was restored into another cluster, before the product runs there. "
        "migrate does this by itself where the server tells its identity; an epoch too many does no harm."
    )

    def handle(self, **options):
        self.stdout.write(f"epoch {domain.raise_epoch()}")
