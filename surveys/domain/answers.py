"""A customer's answer, by link or on the phone: one per visit, whoever comes first.

Lock order: the visit, then its invitation, then its case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from complaints import domain as complaints
from complaints.choices import CaseSource, Severity
from complaints.models import Case
from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from journal.domain import record
from stores.models import Staff
from surveys import queries, rules, statistics
from surveys.choices import Channel, EndReason, InvitationState, ItemKind
from surveys.domain.invitations import close_invitation
from surveys.events import Answered
from surveys.models import Answer, FactorScore, Invitation, Item, Questionnaire, Response
from visits import domain as visits
from visits.choices import Origin
from visits.models import Visit, VisitLink
from visits.tokens import token_hash

LONGEST = 2000
_RANGES = {ItemKind.SCALE: (1, 10), ItemKind.NPS: (0, 10)}
_HUNDREDTH = Decimal("0.01")


@dataclass
class Given:
    """What was answered, sorted: per item, and the figures that come of it."""

    items: list[Item]
    by_item: dict[int, int | bool | str]
    overall: int | None = None
    nps: int | None = None
    problem: bool | None = None
    words: str = ""
    csi: Decimal | None = None
    factors: dict[str, Decimal] = field(default_factory=dict)

    @property
    def low(self) -> bool:
        return rules.is_low(self.scales.values(), self.nps, self.problem)

    @property
    def scales(self) -> dict[Item, int]:
        return {i: self.by_item[i.pk] for i in self.items if i.kind == ItemKind.SCALE and i.pk in self.by_item}


@transaction.atomic
def answer(
    visit: Visit,
    *,
    answers: Mapping[int, int | bool | str],
    channel: Channel | str,
    by: Staff | Actor | HasActor,
    questionnaire: Questionnaire | None = None,
    comment: str | None = None,
    problem: bool | None = None,
    token: str | None = None,
    seconds: int | None = None,
    severity: Severity | str = Severity.L2,
) -> Response:
    """Take a customer's answer about a released visit and close the invitation.

    `answers`: {item id: 1-10 (scale), 0-10 (nps), bool (yes/no) or words}; what he left out has no key. `comment` and
    `problem` may be given apart from the items that ask for them. `token` is the link he came by (its own or that of the
    visit), checked here; without one the caller vouches for him. `seconds`: how long he took.

    A low answer (`rules.is_low`) opens a case or joins the visit's open one. Conflict ("already_answered") if the visit
    has an answer, whoever gave it; DomainError "expired" after the time to answer, "token_unknown" for a link of another
    visit, "answer_missing" / "answer_range" for what is missing or out of its scale.
    """
    visit = visits.lock(visit)
    if Response.objects.filter(visit=visit).exists():
        raise _already()
    if visit.released_at is None:
        raise DomainError(_("The car has not left the store yet; ask afterwards."), code="not_released")
    invitation = Invitation.objects.select_for_update().filter(visit=visit).first()
    if channel == Channel.LINK:
        _check_link(invitation, visit, token)
    questionnaire = _asked(questionnaire, invitation, channel)
    given = _given(questionnaire, answers, comment, problem)
    now = clock.now()
    case = _case(visit, given, channel, by=by, severity=severity) if given.low else None
    response = _write(visit, questionnaire, given, channel=channel, by=by, case=case, seconds=seconds, now=now)
    _close(invitation, visit, channel, by=by, now=now)
    _journal(response, visit, given, by=by)
    return response


def _already() -> Conflict:
    return Conflict(_("This visit has been answered already; thank you."), code="already_answered")


def _check_link(invitation: Invitation | None, visit: Visit, token: str | None) -> None:
    if invitation is None:
        raise DomainError(_("This link is not known. Open it from our message again."), code="token_unknown")
    if token is not None and invitation.token_hash != token_hash(token):
        mine = VisitLink.objects.filter(visit=visit, token_hash=token_hash(token), revoked_at=None)
        if not mine.exists():
            raise DomainError(_("This link is not known. Open it from our message again."), code="token_unknown")
    if not queries.is_open(invitation, clock.now()):
        raise DomainError(
            _("The time to answer is over. Call us if there is something you want to tell us."), code="expired"
        )


def _asked(questionnaire: Questionnaire | None, invitation: Invitation | None, channel: str) -> Questionnaire:
    """The version that was shown: by link the invitation's own unless said, on the phone the one in force."""
    if questionnaire is None and channel == Channel.LINK and invitation:
        questionnaire = invitation.questionnaire
    questionnaire = questionnaire or queries.in_force()
    if questionnaire is None or questionnaire.published_at is None:
        raise DomainError(_("This store has no published questionnaire yet."), code="no_questionnaire")
    return questionnaire


def _given(questionnaire, answers, comment: str | None, problem: bool | None) -> Given:
    items = queries.items(questionnaire)
    core = queries.core_items(items)
    answers = dict(answers)
    if comment is not None and "words" in core:
        answers.setdefault(core["words"].pk, comment)
    if problem is not None and "problem" in core:
        answers.setdefault(core["problem"].pk, problem)
    by_item = _checked(items, answers)
    given = Given(items, by_item)
    for name in ("overall", "nps", "problem"):
        if name in core:
            setattr(given, name, by_item.get(core[name].pk))
    if given.problem is None:
        given.problem = problem
    texts = [by_item[item.pk] for item in items if item.kind == ItemKind.TEXT and item.pk in by_item]
    given.words = "\n".join(texts) or (comment or "").strip()
    _score(given, questionnaire)
    return given


def _checked(items: list[Item], answers: dict) -> dict[int, int | bool | str]:
    """The answers by item id, empty ones left out; DomainError naming the question that is wrong or missing."""
    if unknown := set(answers) - {item.pk for item in items}:
        raise DomainError(_("The questionnaire has changed. Open your link again."), code="unknown_item") from KeyError(
            unknown
        )
    by_item = {}
    for item in items:
        value = answers.get(item.pk)
        if isinstance(value, str):
            value = value.strip()[:LONGEST] or None
        if value is None:
            if item.required:
                raise DomainError(_("Please answer: %(question)s") % {"question": item.text}, code="answer_missing")
            continue
        if not _fits(item, value):
            raise DomainError(_("This is no answer to: %(question)s") % {"question": item.text}, code="answer_range")
        by_item[item.pk] = value
    return by_item


def _fits(item: Item, value) -> bool:
    if item.kind == ItemKind.TEXT:
        return isinstance(value, str)
    if item.kind == ItemKind.YES_NO:
        return isinstance(value, bool)
    low, high = _RANGES[ItemKind(item.kind)]
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _score(given: Given, questionnaire: Questionnaire) -> None:
    """CSI and factor means of the answered scales."""
    factors = queries.factors(questionnaire)
    codes = {factor.pk: factor.code for factor in factors}
    scores: dict[str, list[int | None]] = {factor.code: [] for factor in factors}
    for item in given.items:
        if item.factor_id:
            scores[codes[item.factor_id]].append(given.by_item.get(item.pk))
    given.csi = statistics.csi(scores, {factor.code: factor.weight for factor in factors})
    for code, items in scores.items():
        if (mean := statistics.factor_mean(items)) is not None:
            given.factors[code] = mean.quantize(_HUNDREDTH)


def _case(visit: Visit, given: Given, channel: str, *, by, severity) -> Case:
    return complaints.open_case(
        store=visit.store,
        words=given.words or _words_for(given),
        source=CaseSource.SURVEY if channel == Channel.LINK else CaseSource.FOLLOW_UP,
        by=by,
        visit=visit,
        customer=visit.customer,
        severity=severity,
    )


def _words_for(given: Given) -> str:
    """What stands in the case of a customer who gave marks but no words, in the staff's language."""
    with translation.override(settings.LANGUAGE_CODE):
        low = [f"{item.text} {score}" for item, score in given.scales.items() if score <= rules.LOW]
        if given.nps is not None and given.nps <= rules.LOW:
            low.append(_("recommends us: %(score)d of 10") % {"score": given.nps})
        if given.problem:
            low.append(_("says there is a problem"))
        return _("(No words; answered: %(low)s)") % {"low": "; ".join(low)}


def _write(visit, questionnaire, given: Given, *, channel, by, case, seconds, now: datetime) -> Response:
    response = Response(
        store_id=visit.store_id,
        visit=visit,
        questionnaire=questionnaire,
        channel=channel,
        at=now,
        csi=given.csi,
        overall=given.overall,
        nps=given.nps,
        problem=given.problem,
        low=given.low,
        comment=given.words,
        advisor_id=visit.advisor_id,
        technician_id=queries.main_technician(visit),
        taken_by=by if isinstance(by, Staff) else None,
        released_at=visit.released_at,
        seconds=seconds,
        origin=Origin(visit.origin),
        case=case,
    )
    try:
        with transaction.atomic():
            response.save(force_insert=True)
    except IntegrityError as error:
        # Whoever writes answers without the visit's lock (an import) may still have been first.
        if "visit_id" in str(error):
            raise _already() from error
        raise
    FactorScore.objects.bulk_create(
        FactorScore(store_id=visit.store_id, response=response, code=code, score=score)
        for code, score in given.factors.items()
    )
    Answer.objects.bulk_create(
        _row(response, item, given.by_item[item.pk]) for item in given.items if item.pk in given.by_item
    )
    return response


def _row(response: Response, item: Item, value) -> Answer:
    column = {ItemKind.TEXT: "text", ItemKind.YES_NO: "yes"}.get(ItemKind(item.kind), "score")
    return Answer(store_id=response.store_id, response=response, item=item, **{column: value})


def _close(invitation: Invitation | None, visit: Visit, channel: str, *, by, now: datetime) -> None:
    if invitation is None:
        return
    if channel != Channel.LINK:
        close_invitation(visit, reason=EndReason.PHONE, by=by)
        return
    invitation.state, invitation.answered_at, invitation.reason = InvitationState.ANSWERED, now, ""
    invitation.save(update_fields=["state", "answered_at", "reason"])


def _journal(response: Response, visit: Visit, given: Given, *, by) -> None:
    record(
        Answered(
            response_id=response.pk,
            channel=str(response.channel),
            released_on=clock.local_day(visit.store.tz, visit.released_at),
            low=response.low,
            csi=given.csi,
            nps=given.nps,
            overall=given.overall,
            problem=given.problem,
            advisor_id=response.advisor_id,
            technician_id=response.technician_id,
            case_id=response.case_id,
            factors=given.factors,
        ),
        store_id=visit.store_id,
        subject=response,
        visit_id=visit.pk,
        by=by,
        at=response.at,
        origin=response.origin,
    )
