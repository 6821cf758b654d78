"""`manage.py holidays 2027`: enter a year's public holidays in every store, once they are published."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from stores import seeds
from stores.access import in_store
from stores.models import Store


class Command(BaseCommand):
    help = "Enter the public holidays and working weekends of a year; dates a store has entered itself stay."

    def add_arguments(self, parser):
        parser.add_argument("year", type=int)
        parser.add_argument("--store", metavar="CODE", help="only this store")

    def handle(self, *, year, store, **options):
        stores = Store.objects.filter(code=store) if store else Store.objects.all()
        if not stores:
            raise CommandError("There is no such store.")
        for one in stores.order_by("code"):
            with in_store(one):
                try:
                    days = seeds.holidays(one, year)
                except ValueError as error:
                    raise CommandError(f"{error}: update the package chinesecalendar, or enter them by page") from None
            self.stdout.write(f"{one.code}: {len(days)} dates of {year}")
