"""Keys of other systems, and what their writes were answered."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from api.choices import Scope
from core import clock
from core.actors import Actor
from stores.models import StoreModel, User


class ApiKey(models.Model):
    """Another system's key. It works for the stores in `grants`, so it belongs to none of them alone.

    Only the prefix, which names it in lists and logs, and the hash of the whole are kept: the key is shown once.
    """

    name = models.CharField(_("system"), max_length=80)
    prefix = models.CharField(_("prefix"), max_length=16, unique=True)
    secret_sha256 = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope), verbose_name=_("rights"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        constraints = [
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="api_key_may_something"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="api_revoked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("created_at")), name="api_expires_after_creation"
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.prefix})"

    @property
    def actor(self) -> Actor:
        return Actor.api(self.pk, self.name)

    @property
    def state(self) -> str:
        """revoked, expired or live."""
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at and self.expires_at <= clock.now() else "live"

    @property
    def scope_labels(self) -> list[str]:
        return [Scope(code).label for code in Scope.values if code in self.scopes]


class KeyGrant(StoreModel):
    """A store that a key works for. Its managers may take it back at any time."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="grants")

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["key", "store"], name="api_grant_once"),
        ]

    def __str__(self):
        return f"{self.key_id} {self.store_id}"


class IdempotencyRecord(models.Model):
    """What a write was answered, written in the transaction of the write itself: there is no write without its answer,
    and no answer without its write. Holds for a day, then it is forgotten."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    token = models.CharField(max_length=255)  # the caller's Idempotency-Key
    request_sha256 = models.CharField(max_length=64)  # of method, address and body
    status = models.PositiveSmallIntegerField()
    body = models.TextField()  # the very text, so that the order of its fields is kept
    location = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "token"], name="api_answered_once")]
        indexes = [models.Index(fields=["at"], name="api_answers_by_age")]

    def __str__(self):
        return f"{self.key_id} {self.token}"
