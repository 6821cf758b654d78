"""A believable store to try the product on: people in every role, two years of visits, and cars that are here today.

Demo history is marked as such (`origin="demo"`): it fills lists and roll-ups, and never sends, starts a clock or breaks a promise.
"""

from stores.choices import RoleCode

PASSWORD = "demo-4s-2026"  # noqa: S105 - shown to everyone who tries the product
STORE_CODE = "demo"

# One login per role, shown by `make up` and in the README. Further colleagues have no login.
DEMO_LOGINS = [
    (RoleCode.ADVISOR, "advisor", "陈思远"),
    (RoleCode.BOOKING_DESK, "booking", "林晓雯"),
    (RoleCode.CONTROLLER, "controller", "赵国栋"),
    (RoleCode.TECHNICIAN, "technician", "孙海涛"),
    (RoleCode.INSPECTOR, "inspector", "周正平"),
    (RoleCode.WASHER, "washer", "吴小龙"),
    (RoleCode.CASHIER, "cashier", "郑丽娟"),
    (RoleCode.GATE, "gate", "冯大勇"),
    (RoleCode.CUSTOMER_RELATIONS, "relations", "何静怡"),
    (RoleCode.PARTS_CLERK, "parts", "许文斌"),
    (RoleCode.SALES_LIAISON, "sales", "曾俊杰"),
    (RoleCode.SERVICE_MANAGER, "manager", "沈志强"),
    (RoleCode.AFTERSALES_DIRECTOR, "director", "高明远"),
    (RoleCode.GENERAL_MANAGER, "general", "宋立新"),
    (RoleCode.GROUP_MANAGER, "group", "唐慧敏"),
]
