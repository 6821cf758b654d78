"""Filters of the page of messages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FilterForm
from messaging.choices import Channel, MessageStatus
from messaging.texts import TEMPLATES

_ALL = [("", _("All"))]


class MessageFilter(FilterForm):
    status = forms.ChoiceField(label=_("Status"), choices=[*_ALL, *MessageStatus.choices])
    channel = forms.ChoiceField(label=_("Channel"), choices=[*_ALL, *Channel.choices])
    template = forms.ChoiceField(label=_("About"), choices=[*_ALL, *((code, t.title) for code, t in TEMPLATES.items())])
    q = forms.CharField(label=_("Name or number"), max_length=60)
