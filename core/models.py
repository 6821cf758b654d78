"""Abstract bases that any app may use; core has no table of its own."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class BilingualName(models.Model):
    """A name that the store itself maintains, in Chinese and, where given, in English."""

    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language, or the one that exists."""
        if (get_language() or "zh").startswith("zh"):
            return self.name_zh or self.name_en
        return self.name_en or self.name_zh
