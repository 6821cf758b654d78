"""The questionnaire on the customer's phone: opened by its own link or by that of the visit, sent once.

Opening it changes nothing, so that a scanner of links may. Sending needs a signed right that the page carries: bound to
this invitation and this version of the questionnaire, good for two hours; that it works once is kept by the invitation
itself, which an answer closes. Without scripts, and without losing what was marked.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.actors import Actor
from core.errors import Conflict, DomainError
from portal.access import GONE, own_link
from surveys import domain as surveys
from surveys import queries
from surveys.choices import Channel, EndReason
from surveys.forms import SurveyForm
from surveys.models import Invitation, Questionnaire, Response

SALT = "portal.survey"
WRITE_SECONDS = 2 * 3600
SEE_OTHER, UNPROCESSABLE = 303, 422


@dataclass(frozen=True)
class Right:
    """What a page's signed right says: the version it shows, and when it was opened."""

    questionnaire: Questionnaire
    seconds: int


@require_http_methods(["GET", "HEAD", "POST"])
@own_link(queries.invitation_by_link)
def survey(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """The questions, the thanks, or why it is too late."""
    response = Response.objects.filter(visit=invitation.visit).select_related("case").first()
    if response:
        return _thanks(request, invitation, response, status=409 if request.method == "POST" else 200)
    if not queries.is_open(invitation, clock.now()):
        return _over(request, invitation)
    if request.method == "POST":
        return _take(request, invitation, token)
    form = SurveyForm(questionnaire=invitation.questionnaire, initial={"write": _sign(invitation)})
    return _page(request, invitation, form)


@require_POST
@own_link(queries.invitation_by_link)
def stop(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """“Do not ask me any more”: takes the consent back and closes this questionnaire. A page that was open too long is shown anew."""
    back = HttpResponse(status=SEE_OTHER)
    back["Location"] = reverse("portal:survey", args=[token])
    if _right(invitation, request.POST.get("write", "")):
        by = Actor.customer(invitation.visit.customer_id)
        surveys.stop_asking(invitation.visit, by=by, evidence="link of a questionnaire")
    return back


def _take(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    right = _right(invitation, request.POST.get("write", ""))
    questionnaire = right.questionnaire if right else invitation.questionnaire
    data = request.POST.copy()
    if right is None:
        # Open too long, or not our page: what was marked stays, and he may send it once more.
        data["write"] = _sign(invitation)
    form = SurveyForm(data, questionnaire=questionnaire)
    if not form.is_valid():
        return _page(request, invitation, form, status=UNPROCESSABLE)
    if right is None:
        form.add_error(None, _("This page was open too long. Your answers are kept: please send them again."))
        return _page(request, invitation, form, status=UNPROCESSABLE)
    try:
        surveys.answer(
            invitation.visit,
            answers=form.answers(),
            channel=Channel.LINK,
            by=Actor.customer(invitation.visit.customer_id),
            questionnaire=questionnaire,
            token=token,
            seconds=right.seconds,
        )
    except Conflict:
        # Somebody with the same link, or the caller on the phone, was first.
        response = Response.objects.filter(visit=invitation.visit).select_related("case").first()
        return _thanks(request, invitation, response, status=409)
    except DomainError as error:
        form.add_error(None, str(error))
        return _page(request, invitation, form, status=error.status)
    done = HttpResponse(status=SEE_OTHER)
    done["Location"] = reverse("portal:survey", args=[token])
    return done


def _sign(invitation: Invitation) -> str:
    moment = int(clock.now().timestamp())
    return signing.dumps([invitation.pk, invitation.questionnaire_id, moment], salt=SALT)


def _right(invitation: Invitation, signed: str) -> Right | None:
    try:
        subject, version, moment = signing.loads(signed, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    seconds = int(clock.now().timestamp()) - moment
    if subject != invitation.pk or not 0 <= seconds <= WRITE_SECONDS:
        return None
    questionnaire = Questionnaire.objects.filter(pk=version, published_at__isnull=False).first()
    return Right(questionnaire, seconds) if questionnaire else None


def _page(request: HttpRequest, invitation: Invitation, form: SurveyForm, status: int = 200) -> HttpResponse:
    context = {
        "store": invitation.store,
        "visit": invitation.visit,
        "form": form,
        "token": request.resolver_match.kwargs["token"],
        "write": _sign(invitation),
    }
    return render(request, "portal/survey.html", context, status=status)


def _thanks(request: HttpRequest, invitation: Invitation, response: Response | None, status: int) -> HttpResponse:
    context = {"store": invitation.store, "response": response, "case": response.case if response else None}
    return render(request, "portal/survey_done.html", context, status=status)


def _over(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Nothing of the visit is told: the link may have been passed on."""
    if invitation.reason == EndReason.REFUSED:
        text = _("You told us that you do not want to be asked. Call us whenever something is wrong.")
    else:
        text = _("The time to answer is over. Call us if there is something you want to tell us.")
    context = {"store": invitation.store, "title": _("This questionnaire is closed"), "text": text}
    return render(request, "portal/no_link.html", context, status=GONE)
