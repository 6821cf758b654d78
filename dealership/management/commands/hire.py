"""`manage.py hire LOGIN NAME --store CODE --role ROLE`: put a person to work in a store."""

import getpass
import os

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from stores import domain as stores
from stores.choices import RoleCode, Skill
from stores.models import Store, User


class Command(BaseCommand):
    help = (
        "Put a person to work in a store. A login that exists keeps its password (somebody who works in several stores); for a new one "
        "the password is asked for, or taken from HIRE_PASSWORD."
    )

    def add_arguments(self, parser):
        parser.add_argument("login")
        parser.add_argument("name")
        parser.add_argument("--store", required=True, metavar="CODE")
        parser.add_argument("--role", choices=RoleCode.values, default=RoleCode.SERVICE_MANAGER.value)
        parser.add_argument("--skill", action="append", choices=Skill.values, default=[], help="may be repeated")
        parser.add_argument("--phone", default="")

    def handle(self, *, login, name, store, role, skill, phone, **options):
        try:
            place = Store.objects.get(code=store)
        except Store.DoesNotExist:
            raise CommandError(f"There is no store {store}; open it with manage.py open_store.") from None
        known = User.objects.filter(username=login).exists()
        try:
            person = stores.hire(
                store=place,
                role=role,
                name=name,
                username=login,
                password=None if known else _password(login),
                phone=phone,
                skills=skill,
            )
        except DomainError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{person.name} ({login}) works in {store} as {role}, number {person.employee_no}.")


def _password(login: str) -> str:
    password = os.environ.get("HIRE_PASSWORD") or getpass.getpass(f"Password for {login}: ")
    try:
        validate_password(password, User(username=login))
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    return password
