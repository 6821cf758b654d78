"""Everything that happened, once and for ever; and how far each reaction has read it."""

from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from core.actors import KINDS, Actor
from journal import events
from journal.choices import Origin, Since


class Event(models.Model):
    """One thing that happened. Written by `journal.domain.record` only, never changed, never deleted (statement triggers refuse it).

    Bare ids and no foreign keys: a row stays true when what it speaks of is gone. (epoch, xid, id) is the reading order: `xid` is the writing
    transaction, so that a reader can stop before the oldest one still running; `epoch` counts the database clusters this journal has lived in.
    """

    store_id = models.BigIntegerField(_("store"))
    name = models.CharField(_("event"), max_length=80)
    subject_kind = models.CharField(_("subject"), max_length=80)
    subject_id = models.BigIntegerField(_("subject id"))
    visit_id = models.BigIntegerField(_("visit"), null=True)
    actor_kind = models.CharField(_("actor"), max_length=10)
    actor_id = models.BigIntegerField(_("actor id"), null=True)
    # The name of an automatism ("reactions"); empty for people, whose names stand in their own tables.
    actor_code = models.CharField(_("automatism"), max_length=40, blank=True, default="")
    at = models.DateTimeField(_("time"))
    data = models.JSONField(_("data"), default=dict)
    origin = models.CharField(_("origin"), max_length=6, choices=Origin, default=Origin.LIVE)
    epoch = models.IntegerField(db_default=Func(function="journal_current_epoch"), editable=False)
    xid = models.BigIntegerField(
        db_default=Cast(Cast(Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField()),
        editable=False,
    )

    objects = ScopedManager(store="store_id")

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(condition=Q(actor_kind__in=KINDS), name="journal_event_actor_kind"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="journal_event_origin"),
            models.CheckConstraint(
                condition=Q(actor_kind="system", actor_id__isnull=True)
                | (~Q(actor_kind="system") & Q(actor_id__isnull=False)),
                name="journal_event_actor_id",
            ),
        ]
        indexes = [
            # Readers that want history (roll-ups).
            models.Index(fields=["epoch", "xid", "id"], name="journal_event_order"),
            # All other readers: millions of imported events cost them nothing.
            models.Index(fields=["epoch", "xid", "id"], condition=Q(origin="live"), name="journal_event_live"),
            # The timeline of a visit.
            models.Index(fields=["visit_id", "id"], condition=Q(visit_id__isnull=False), name="journal_event_visit"),
            # What happened in a store in a period.
            models.Index(fields=["store_id", "name", "at"], name="journal_event_store"),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("the journal is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("the journal is append-only")

    @property
    def payload(self):
        """The event's dataclass (None if this version of the product does not know the name)."""
        return events.from_data(self.name, self.data)

    @property
    def sentence(self) -> str:
        return events.sentence(self.name, self.data)

    @property
    def actor(self) -> Actor:
        return Actor(self.actor_kind, self.actor_id, self.actor_code)

    @property
    def position(self) -> tuple[int, int, int]:
        return self.epoch, self.xid, self.id


class Cursor(models.Model):
    """How far a reaction has read; moved in the same transaction as the reaction's effects."""

    name = models.CharField(_("reaction"), max_length=80, unique=True)
    epoch = models.IntegerField()
    xid = models.BigIntegerField()
    event_id = models.BigIntegerField()
    since = models.CharField(_("since"), max_length=10, choices=Since)
    created_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("cursor")
        verbose_name_plural = _("cursors")

    def __str__(self) -> str:
        return self.name

    @property
    def position(self) -> tuple[int, int, int]:
        return self.epoch, self.xid, self.event_id


class SetAside(models.Model):
    """An event that a reaction could not digest. The rest goes on; this one is tried again later and stays visible until it is settled."""

    store_id = models.BigIntegerField(_("store"))
    reaction = models.CharField(_("reaction"), max_length=80)
    event_id = models.BigIntegerField(_("event"))
    error = models.TextField(_("error"))
    attempts = models.PositiveIntegerField(_("attempts"), default=1)
    first_at = models.DateTimeField(_("first failed"))
    last_at = models.DateTimeField(_("last failed"))
    # Empty once the automatic attempts are used up: then only a person can decide.
    next_at = models.DateTimeField(_("next attempt"), null=True)
    resolved_at = models.DateTimeField(_("settled"), null=True)
    resolved_by_kind = models.CharField(max_length=10, blank=True, default="")
    resolved_by_id = models.BigIntegerField(null=True)
    dismissed = models.BooleanField(_("dismissed"), default=False)

    objects = ScopedManager(store="store_id")

    class Meta:
        verbose_name = _("event set aside")
        verbose_name_plural = _("events set aside")
        constraints = [
            models.UniqueConstraint(fields=["reaction", "event_id"], name="journal_setaside_once"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by_kind="")
                | (Q(resolved_at__isnull=False, next_at__isnull=True) & ~Q(resolved_by_kind="")),
                name="journal_setaside_resolved",
            ),
            models.CheckConstraint(
                condition=Q(dismissed=False) | Q(resolved_at__isnull=False), name="journal_setaside_dismissed"
            ),
        ]
        indexes = [
            # The sweep looks for what is due.
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="journal_setaside_due"),
            # Staff look for what is open in their store.
            models.Index(
                fields=["store_id", "id"], condition=Q(resolved_at__isnull=True), name="journal_setaside_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reaction} / {self.event_id}"
