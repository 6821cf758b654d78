"""What every endpoint is made of: key, right, limit, scope of the key's stores, strict input, one answer per write."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from api import domain, paging, problems
from api.authentication import Caller, KeyAuthentication
from api.fields import MAX_KEY
from api.schema import Description
from api.strict import PageQuery, Query
from api.throttling import KeyThrottle
from stores.access import in_store, in_stores
from stores.models import Store

IDEMPOTENCY_HEADER, REPLAYED_HEADER, REQUEST_ID_HEADER = "Idempotency-Key", "Idempotency-Replayed", "X-Request-Id"
# 1 to 255 visible ASCII characters.
_TOKEN = re.compile(r"[!-~]{1,255}")
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


class HasScope(BasePermission):
    """The key has the right that the endpoint names for the method."""

    def has_permission(self, request, view) -> bool:
        scope = view.scopes.get("GET" if request.method == "HEAD" else request.method)
        if scope and not request.user.may(scope):
            raise exceptions.PermissionDenied(
                _("This key lacks the right %(scope)s.") % {"scope": scope}, code="scope_missing"
            )
        return True


class Authenticated(BasePermission):
    def has_permission(self, request, view) -> bool:
        return isinstance(request.user, Caller)


class Endpoint(GenericAPIView):
    """One address. By method: `scopes` (the right it needs), `takes` (its body), `gives` (its answer), `names` (its name
    in the description). `query` are its parameters; a list is `paged`."""

    authentication_classes = [KeyAuthentication]
    permission_classes = [Authenticated, HasScope]
    throttle_classes = [KeyThrottle]
    http_method_names = ["get", "head", "post", "patch"]
    schema = Description()

    scopes: dict[str, str] = {}
    takes: dict[str, type[serializers.Serializer]] = {}
    gives: dict[str, type[serializers.Serializer]] = {}
    names: dict[str, str] = {}
    created: bool = True  # whether a POST makes something (201) or changes it (200)
    query: type[Query] = Query
    paged = False
    tag = ""
    allowance: dict[str, int] = {}

    # --- Around every request

    def dispatch(self, request, *args, **kwargs):
        with ExitStack() as self.opened:
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        self.opened.enter_context(in_stores(list(self.caller.stores)))
        if request.method.lower() not in self.http_method_names or not hasattr(self, request.method.lower()):
            return  # answered 405
        self.asked = (self.query if request.method in ("GET", "HEAD") else Query).read(request.query_params)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        sent = request.headers.get(REQUEST_ID_HEADER, "")
        request_id = sent if _REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex
        response[REQUEST_ID_HEADER] = request_id
        response["Cache-Control"] = "no-store"
        for name, value in self.allowance.items():
            response[name] = str(value)
        if response.content_type == problems.MEDIA_TYPE:
            response.data["request_id"] = request_id
        return response

    def get_exception_handler(self) -> Callable:
        return problems.handle

    # --- What endpoints say

    @property
    def caller(self) -> Caller:
        return self.request.user

    def find(self, rows: QuerySet, pk: int) -> Model:
        """The object of the address; another store's is not there."""
        found = rows.filter(pk=pk).first() if 0 < pk <= MAX_KEY else None
        if found is None:
            raise problems.NotHere
        return found

    def refer(self, rows: QuerySet, pk: int | None, pointer: str) -> Model | None:
        """The object that a body names at `pointer`; another store's is not there."""
        found = rows.filter(pk=pk).first() if pk is not None else None
        if pk is not None and found is None:
            raise problems.NotHere(pointer)
        return found

    def work_in(self, store: Store | None = None, code: str | None = None) -> Store:
        """Narrow the request to one store: the given one, the one of this code, or the key's only one. Whatever is
        looked up or written from here on is that store's."""
        if store is None:
            stores = self.caller.stores.values()
            if code is None and len(stores) > 1:
                sentence = _("This key works for several stores; name one.")
                raise serializers.ValidationError({"store": [serializers.ErrorDetail(sentence, "required")]})
            store = next((row for row in stores if code in (None, row.code)), None)
            if store is None:
                raise problems.NotHere("/store")
        else:
            store = self.caller.stores[store.pk]
        self.opened.enter_context(in_store(store))
        return store

    def said(self) -> dict:
        """The body, checked; ValidationError with each place that is wrong."""
        form = self.takes[self.request.method](data=self.request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        return form.validated_data

    def tell(self, row, *, location: str = "") -> Response:
        """The answer about one object."""
        method = "GET" if self.request.method == "HEAD" else self.request.method
        data = self.gives[method](row, context=self.get_serializer_context()).data
        made = method == "POST" and self.created
        return Response(data, status=201 if made else 200, headers={"Location": location} if location else None)

    def tell_page(self, rows: QuerySet) -> Response:
        """A page of `rows`, of the store that the query names."""
        rows = self.of_store(rows)
        sent = self.request.query_params.dict()
        path = urlsplit(self.request.build_absolute_uri())._replace(query="").geturl()
        found, following = paging.page(rows, asked=self.asked, path=path, sent=sent)
        shown = self.gives["GET"](found, many=True, context=self.get_serializer_context())
        return Response({"items": shown.data, "next": following})

    def of_store(self, rows: QuerySet) -> QuerySet:
        """The rows of the store that the query names; a store the key does not work for is not there."""
        code = self.asked.get("store")
        if code is None:
            return rows
        store = next((row for row in self.caller.stores.values() if row.code == code), None)
        if store is None:
            raise problems.NotHere
        return rows.filter(store=store)


class Listing(Endpoint):
    """A list, page by page."""

    query = PageQuery
    paged = True
    FILTERS: dict[str, str] = {}

    def wanted(self) -> dict:
        """What the query asks for, as look-ups: `FILTERS` says which parameter is which."""
        return {field: self.asked[name] for name, field in self.FILTERS.items() if self.asked.get(name) is not None}


def idempotent(handler: Callable) -> Callable:
    """Carry a write out once for each Idempotency-Key: the answer is kept in the transaction of the write, and the same
    request gets it again. A refusal changed nothing and is not kept, so it may be repeated under the same key."""

    @wraps(handler)
    def once(self: Endpoint, request, *args, **kwargs):
        token = request.headers.get(IDEMPOTENCY_HEADER, "")
        if not _TOKEN.fullmatch(token):
            return problems.problem(
                400,
                "idempotency_key_missing",
                _("A write needs the header Idempotency-Key: 1 to 255 visible ASCII characters, new for each write."),
            )
        request_sha256 = _fingerprint(request)
        with transaction.atomic():
            kept = domain.answer_to(self.caller.key, token=token, request_sha256=request_sha256)
            if kept:
                return _again(kept)
            answer = handler(self, request, *args, **kwargs)
            domain.keep_answer(
                self.caller.key,
                token=token,
                request_sha256=request_sha256,
                status=answer.status_code,
                body=JSONRenderer().render(answer.data).decode(),
                location=answer.headers.get("Location", ""),
            )
        return answer

    once.idempotent = True
    return once


def _again(kept) -> Response:
    headers = {REPLAYED_HEADER: "true"} | ({"Location": kept.location} if kept.location else {})
    return Response(json.loads(kept.body), status=kept.status, headers=headers)


def _fingerprint(request) -> str:
    # Of what the body says and not of its bytes: another order of members is the same request.
    said = json.dumps(request.data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{request.method} {request.path}\n{said}".encode()).hexdigest()


class Nowhere(Endpoint):
    """Any address below the API that is none."""

    authentication_classes: list = []
    permission_classes: list = []
    throttle_classes: list = []
    schema = None

    def initial(self, request, *args, **kwargs):
        raise problems.NotHere
