"""Keys of other systems."""

from __future__ import annotations

from api import domain as api
from tests.pages.rows import DONE, Page, Target
from tests.visits_at_stage import Maker


def api_key(maker: Maker) -> Target:
    by = [maker.person("service_manager")]
    key, _secret = api.issue_key(name="DMS", stores=[maker.store], scopes=["visits.read"], by=by)
    return Target({"pk": key.pk})


PAGES = [
    Page("api:keys", "service_manager", heading="接口密钥"),
    Page("api:new_key", "service_manager", heading="新建接口密钥"),
    Page("api:withdraw", "service_manager", api_key, post=True, status=DONE),
    Page("api:schema", "", public=True),
    Page("api:docs", "", public=True),
]
