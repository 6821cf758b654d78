"""Who is asking, and for which store: the one place where pages get their person and their scope.

`StaffMiddleware` finds the person's staff rows, opens the store scope and puts `request.staff` in place; `requires`
guards a view by permission name. Stranger -> login, colleague without the right -> 403, other store's object -> 404
(the scoped managers see to that).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from functools import wraps

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from stores.models import Staff, Store, User

SESSION_STORE = "store_id"


class StaffBackend(ModelBackend):
    """The person of a session together with his rows of staff, in one statement: every page asks for both."""

    def get_user(self, user_id):
        with scopes_disabled():
            rows = list(
                Staff.objects.filter(user_id=user_id, active=True)
                .select_related("user", "store", "role")
                .order_by("id")
            )
        if not rows:
            return super().get_user(user_id)
        user = rows[0].user
        for row in rows:
            row.user = user
        user.rows_of_staff = rows
        return user if self.user_can_authenticate(user) else None


def staff_of(user: User) -> list[Staff]:
    """The person's active rows of staff, each with store and role, oldest first."""
    if (known := getattr(user, "rows_of_staff", None)) is not None:
        return known
    # Logged in within this very request, or without any row.
    with scopes_disabled():
        return list(Staff.objects.filter(user=user, active=True).select_related("store", "role").order_by("id"))


class StaffMiddleware:
    """Sets `request.staff` (or None) and runs the view inside the scope of the chosen store.

    A person with several stores works in one at a time, chosen by `session["store_id"]`; group pages open a wider
    scope themselves through `in_stores`.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.staff = None
        request.all_staff = []
        if request.user.is_authenticated:
            request.all_staff = staff_of(request.user)
            chosen = request.session.get(SESSION_STORE)
            request.staff = next((s for s in request.all_staff if s.store_id == chosen), None) or next(
                iter(request.all_staff), None
            )
        if request.staff is None:
            return self.get_response(request)
        # Every time on the page is read on the store's own clock.
        with in_store(request.staff.store), timezone.override(request.staff.store.tz):
            return self.get_response(request)


def requires(*permissions: str) -> Callable:
    """Guard a staff view by permission name, e.g. `@requires("reception.check_in")`; of several names any one suffices."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if request.staff is None or not any(request.staff.may(permission) for permission in permissions):
                raise PermissionDenied(", ".join(permissions))
            return view(request, *args, **kwargs)

        guarded.permission = permissions[0]
        guarded.permissions = permissions
        return guarded

    return decorate


@contextmanager
def in_store(store: Store | int):
    """Scope of one store, for requests, tasks, commands and tests."""
    with scope(store=[getattr(store, "pk", store)]):
        yield


@contextmanager
def in_stores(store_ids: list[int]):
    """Scope over several stores, for group pages and keys that are bound to more than one store."""
    with scope(store=list(store_ids)):
        yield
