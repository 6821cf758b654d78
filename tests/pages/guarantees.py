"""Pages of `guarantees`."""

from __future__ import annotations

from collections.abc import Callable

from core import clock
from guarantees import domain as guarantees
from tests.guarantees import targets as kept_back
from tests.pages.rows import DONE, Page, Target
from tests.pages.targets import of, read
from tests.visits_at_stage import Maker


def of_repair(maker: Maker) -> Target:
    row = kept_back.repair(maker)
    return Target({"pk": row.pk}, words={"plate": read(row.visit)})


def counted_car(maker: Maker) -> Target:
    row = kept_back.repair(maker)
    return Target({"pk": row.vehicle_id}, words={"plate": read(row.visit), "car": row.vehicle.title})


def counted(key: str) -> Callable[[Maker], Target]:
    """Something that hangs on a repair: its warning, its loan car, its problem."""

    def make(maker: Maker) -> Target:
        row = kept_back.repair(maker)
        return Target({"pk": row.courtesy.pk if key == "courtesy" else getattr(row, key).first().pk})

    return make


def somebody_counts(maker: Maker) -> Target:
    kept_back.repair(maker)
    return Target()


def excluded(maker: Maker) -> Target:
    return Target({"pk": kept_back.exclusion(maker).pk})


def back_on_the_list(maker: Maker) -> Target:
    kept_back.suggested(maker)
    return Target()


def back_again(maker: Maker) -> Target:
    row = kept_back.suggested(maker)
    return Target({"pk": row.pk}, data={"reason": "另一侧"})


def marked(maker: Maker) -> Target:
    return of(kept_back.again(maker)[0])


def health_day(maker: Maker) -> Target:
    return Target({"day": f"{clock.local_day(maker.store.tz)}", "kind": "csv"})


def health_file(maker: Maker) -> Target:
    maker("closed")
    return Target({"pk": guarantees.write_day(maker.store, clock.local_day(maker.store.tz)).pk})


PAGES = [
    Page("guarantees:cars", "service_manager", somebody_counts, "三包管理"),
    Page("guarantees:car", "service_manager", counted_car, "{plate} {car}"),
    Page("guarantees:record", "advisor", of_repair, "三包修理记录"),
    Page("guarantees:exclude", "service_manager", of_repair, "扣除不计入的时间", colleague_role="advisor"),
    Page("guarantees:towing", "advisor", of_repair, "拖运费"),
    Page("guarantees:withdraw", "service_manager", excluded, post=True, status=DONE, colleague_role="advisor"),
    Page("guarantees:regroup", "service_manager", counted("problems"), "维修的是哪个问题？", colleague_role="advisor"),
    Page("guarantees:handle", "service_manager", counted("alerts"), "处理三包预警", colleague_role="advisor"),
    Page("guarantees:settle", "advisor", counted("courtesy"), "备用车或交通补偿"),
    Page("guarantees:comebacks", "advisor", back_on_the_list, "返修"),
    Page("guarantees:comeback", "advisor", back_again, "是同一问题返修吗？"),
    Page("guarantees:confirm", "advisor", back_again, post=True, status=DONE),
    Page("guarantees:dismiss", "advisor", back_again, post=True, status=DONE),
    Page("guarantees:mark", "advisor", marked, "同一问题再次出现"),
    Page("guarantees:ehealth", "service_manager", heading="汽车维修电子健康档案", colleague_role="advisor"),
    Page("guarantees:ehealth_day", "service_manager", health_day, keyed=False, colleague_role="advisor"),
    Page("guarantees:ehealth_file", "service_manager", health_file, colleague_role="advisor"),
]
