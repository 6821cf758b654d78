"""Before booking a fault: at most six questions, one a page, and what the answers mean. Answers travel in the address;
nothing is kept until the customer takes them along to his booking."""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.forms import CrispyForm
from core.web import handle
from portal.booking.limits import POSTS, address, count, public_page
from portal.booking.selection import Selection
from stores.models import Store
from symptoms import domain as symptoms
from symptoms import queries
from symptoms.choices import Urgency
from symptoms.domain.checks import MAX_WORDS
from symptoms.queries import Walk
from symptoms.rules import MAX_QUESTIONS


class WordsForm(CrispyForm):
    """What the answers did not say, in the customer's words; and the token that keeps one check one."""

    words = forms.CharField(
        label=gettext_lazy("Anything to add, in your own words"),
        required=False,
        max_length=MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("token", uuid4())


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def symptom(request: HttpRequest, store: Store) -> HttpResponse:
    """The next question, or what the answers mean; sent from there, they go along to the booking."""
    tree = queries.in_force()
    if tree is None:
        raise Http404
    path = queries.read_path(request.GET.get("path", ""))
    walked = queries.walk(tree, path)
    if walked is None:
        # Another version has come into force, or somebody wrote the address himself.
        return HttpResponseRedirect(f"{request.path}?again=1")
    context = {
        "store": store,
        "walk": walked,
        "selection": Selection.of(request.GET).pairs(),
        **_asked(request, walked),
    }
    if walked.question:
        return render(request, "portal/symptom.html", context)
    if request.method == "POST":
        count(POSTS, address(request))
    return handle(
        request,
        WordsForm(request.POST or None),
        lambda data: symptoms.record_check(store=store, choices=path, token=data["token"], words=data["words"]),
        template="portal/symptom_result.html",
        context=context
        | {
            "result": walked.result,
            "estimate": queries.estimate(walked.result, store),
            "stop": walked.result.urgency == Urgency.STOP,
        },
        done=lambda check: (
            reverse("portal:book", args=[store.code])
            + Selection.of(request.GET).without_check().query(check=check.token)
        ),
    )


def _asked(request: HttpRequest, walked: Walk) -> dict:
    chosen = Selection.of(request.GET).without_check()
    steps = [(step, _address(chosen, walked.choices[:place])) for place, step in enumerate(walked.steps)]
    answers = walked.question.answers if walked.question else []
    return {
        "steps": steps,
        "answers": [(answer, _address(chosen, [*walked.choices, answer.pk])) for answer in answers],
        "back": steps[-1][1] if steps else "",
        "number": len(walked.steps) + 1,
        "most": MAX_QUESTIONS,
        "changed": "again" in request.GET,
        "restart": _address(chosen, []),
    }


def _address(chosen: Selection, choices: list[int]) -> str:
    more = {"path": ".".join(map(str, choices))} if choices else {}
    return chosen.query(**more) or "?"
