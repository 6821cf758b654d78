"""`manage.py open_store CODE NAME`: a store with everything it works with."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug

from core.errors import DomainError
from dealership.opening import open_full_store


class Command(BaseCommand):
    help = "Open a store with roles, calendar, operations and checklists. Its people come with `manage.py hire`."

    def add_arguments(self, parser):
        parser.add_argument("code", help="short name in addresses: letters, digits, hyphens; 20 at the most")
        parser.add_argument("name", help="the name customers read")
        parser.add_argument("--name-en", default="", help="the same in English")
        parser.add_argument("--phone", default="", help="the number customers call")
        parser.add_argument("--address", default="")

    def handle(self, *, code, name, name_en, phone, address, **options):
        try:
            validate_slug(code)
            if len(code) > 20:
                raise CommandError("The code has 20 characters at the most.")
            store = open_full_store(code=code, name_zh=name, name_en=name_en, phone=phone, address=address)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except DomainError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{store.code}: {store.name_zh} is open. Next: manage.py hire LOGIN NAME --store {store.code}"
        )
