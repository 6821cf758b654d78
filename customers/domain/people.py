"""Customers: entered once, kept findable by pinyin."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import clock, phones
from core.actors import Actor, HasActor
from core.errors import DomainError
from core.names import pinyin_of
from customers import queries
from customers.events import CustomerRegistered
from customers.models import Customer, FileOpened
from journal.domain import record
from stores.models import Staff, Store


@transaction.atomic
def register_customer(*, store: Store, name: str, phone: str = "", by: Actor | HasActor, **fields) -> Customer:
    """Enter a customer; the same name with the same phone is the same person and is returned instead of doubled.

    `fields` are other columns of Customer (kind, gender, email, language, preferred_channel, ...); they do not overwrite
    what is known of a customer found. DomainError for an empty name or a number that is no phone.
    """
    name, phone = _clean_name(name), _clean_phone(phone)
    if phone:
        # Two forms sent at once with the same new customer: the second one waits here and then finds him.
        _one_at_a_time(store.pk, phone)
        known = queries.customer_by_phone(phone, name)
        if known and known.store_id == store.pk:
            return known
    customer = Customer(store=store, phone=phone, **fields)
    _name(customer, name)
    customer.save(force_insert=True)
    record(CustomerRegistered(customer.pk), store_id=store.pk, subject=customer, by=by)
    return customer


@transaction.atomic
def update_customer(customer: Customer, *, by: Actor | HasActor, **fields) -> Customer:
    """Correct what is known of a customer; `fields` are columns of Customer. DomainError as for registering."""
    customer = Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
    if "name" in fields:
        _name(customer, _clean_name(fields.pop("name")))
    if "phone" in fields:
        customer.phone = _clean_phone(fields.pop("phone"))
    for field, value in fields.items():
        setattr(customer, field, value)
    customer.save()
    return customer


def note_file_opened(customer: Customer, *, staff: Staff, page: str) -> None:
    """Keep who looked at a customer's file (PIPL 51); `page` is the URL name of what was opened."""
    FileOpened.objects.create(
        store_id=customer.store_id, customer=customer, staff=staff, at=clock.now(), page=page[:40]
    )


def _clean_name(name: str) -> str:
    name = " ".join(str(name).split())
    if not name:
        raise DomainError(_("Enter the customer's name."), code="name_missing")
    return name[:60]


def _clean_phone(phone: str) -> str:
    phone = phones.normalise_phone(phone or "")
    if phone:
        try:
            phones.validate_phone(phone)
        except ValidationError as error:
            raise DomainError(error.messages[0], code="phone") from error
    return phone


def _name(customer: Customer, name: str) -> None:
    full, initials = pinyin_of(name)
    customer.name, customer.name_pinyin, customer.name_initials = name, full[:200], initials[:60]


def _one_at_a_time(store_id: int, phone: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"customers:{store_id}:{phone}"])
