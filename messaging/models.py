"""The outbox: a message is written in the transaction of what it tells about, and sent afterwards, once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.constraints import same_store
from customers.choices import Purpose
from customers.models import Customer
from messaging.choices import Channel, MessageStatus
from stores.models import StoreModel


class Message(StoreModel):
    """One message to one person. `dedupe_key` (event and purpose) makes a second writing harmless."""

    dedupe_key = models.CharField(max_length=120)
    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        db_constraint=False,
    )
    visit_ref = models.BigIntegerField(null=True, blank=True)  # bare id: visits stands above messaging
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.SERVICE)
    channel = models.CharField(max_length=10, choices=Channel)
    to = models.CharField(max_length=120)
    template = models.CharField(max_length=60)
    language = models.CharField(max_length=10, default="zh-hans")
    params = models.JSONField(default=dict)
    subject = models.CharField(max_length=120, blank=True)
    body = models.TextField()
    status = models.CharField(max_length=10, choices=MessageStatus, default=MessageStatus.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField(max_length=80, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("message")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("customer"),
            models.UniqueConstraint(fields=["store", "dedupe_key"], name="messaging_message_once"),
            models.CheckConstraint(
                condition=~Q(status__in=[MessageStatus.SENT, MessageStatus.DELIVERED]) | Q(sent_at__isnull=False),
                name="messaging_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=MessageStatus.SENDING) | Q(lease_until__isnull=False),
                name="messaging_sending_has_lease",
            ),
        ]
        indexes = [
            # the relay reads only what is due, and what it has to ask the provider about; sent messages never burden it
            models.Index(
                fields=["next_at"],
                condition=Q(
                    status__in=[
                        MessageStatus.PENDING,
                        MessageStatus.SENDING,
                        MessageStatus.UNKNOWN,
                    ]
                ),
                name="messaging_due",
            ),
            # the page of messages: a store's newest first
            models.Index(fields=["store", "-created_at"], name="messaging_newest"),
            models.Index(fields=["store", "visit_ref"], name="messaging_of_visit"),
            models.Index(
                fields=["store", "customer", "-created_at"],
                name="messaging_of_customer",
            ),
        ]

    @property
    def shown(self) -> str:
        """The text as staff may read it: a one-time code is the customer's alone. Outside production, where nothing leaves the
        machine, it stays readable, or nobody could try the pages that ask for it."""
        code = str(self.params.get("code", ""))
        return self.body.replace(code, "•" * len(code)) if code and settings.PRODUCTION else self.body

    def __str__(self):
        return f"{self.template} {self.status}"
