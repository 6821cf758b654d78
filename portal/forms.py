"""The customer's answer: yes or no to each item, then the digits that confirm it."""

from __future__ import annotations

from crispy_forms.layout import Layout
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from core.forms import CrispyForm


class Item:
    """Layout of one asked item: what it is, what it costs, why; and two choices a thumb can hit."""

    def __init__(self, item: dict, token: str = ""):
        self.item, self.token = item, token

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs) -> str:
        name = f"line-{self.item['id']}"
        form.rendered_fields.add(name)
        return render_to_string(
            "portal/_item.html",
            {"item": self.item, "field": form[name], "token": self.token},
        )


class AnswerForm(CrispyForm):
    """Yes or no to each item of a pack (as `portal.queries.items` gives them).

    `cleaned_data["decisions"]` is {line id: agreed}.
    """

    pack = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, items: list[dict], **kwargs):
        self.items = items
        super().__init__(*args, **kwargs)
        for item in items:
            self.fields[f"line-{item['id']}"] = forms.ChoiceField(
                label=item["title"],
                choices=[("yes", _("I agree, please do it")), ("no", _("No, leave it"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Please choose yes or no.")},
            )
        self.helper.disable_csrf = True

    def show_photos(self, token: str) -> None:
        """Draw the items with their photos, which are served by the link's token."""
        self.helper.layout = Layout("pack", *(Item(item, token) for item in self.items))

    def clean(self):
        data = super().clean()
        data["decisions"] = {item["id"]: data.get(f"line-{item['id']}") == "yes" for item in self.items}
        return data


class ConfirmForm(AnswerForm):
    """The same answer once more, hidden, with why not and the digits."""

    tail = forms.CharField(
        label=_("Last four digits of your phone"),
        required=False,
        max_length=4,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "off",
                "pattern": "[0-9]{4}",
                "maxlength": 4,
            }
        ),
    )
    write = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for item in self.items:
            self.fields[f"line-{item['id']}"].widget = forms.HiddenInput()
            self.fields[f"reason-{item['id']}"] = forms.CharField(
                label=_("Why not “%(title)s”? (if you like)") % {"title": item["title"]},
                required=False,
                max_length=200,
            )

    def lay_out(self, decisions: dict[int, bool]) -> None:
        """Ask why not for what he declined, and for the digits if he agreed to anything."""
        shown = [f"reason-{i}" for i, agreed in decisions.items() if not agreed]
        if any(decisions.values()):
            shown.append("tail")
            self.fields["tail"].required = True
        hidden = ["pack", "write", *(f"line-{i}" for i in decisions)]
        self.helper.layout = Layout(*hidden, *shown)

    def clean(self):
        data = super().clean()
        data["reasons"] = {item["id"]: data.get(f"reason-{item['id']}", "") for item in self.items}
        tail = (data.get("tail") or "").strip()
        if any(data["decisions"].values()) and not (len(tail) == 4 and tail.isdecimal()):
            self.add_error("tail", _("Enter the last four digits of your phone."))
        return data
