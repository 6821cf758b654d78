from django.urls import path

from orders.views import asking, estimate, imports, money, prints, settling

app_name = "orders"

urlpatterns = [
    path("import/", imports.imports, name="import"),
    path("import/<int:pk>/", imports.import_run, name="import_run"),
    path("import/<int:pk>/progress/", imports.import_progress, name="import_progress"),
    path("<int:visit_pk>/", estimate.lines, name="lines"),
    path("<int:visit_pk>/operations/", estimate.operations, name="operations"),
    path("<int:visit_pk>/add/", estimate.add, name="add"),
    path("<int:visit_pk>/add/item/", estimate.add_item, name="add_item"),
    path("<int:visit_pk>/revive/<int:pk>/", estimate.revive, name="revive"),
    path("<int:visit_pk>/terms/", estimate.terms, name="terms"),
    path("line/<int:line_pk>/", estimate.change, name="change"),
    path("line/<int:line_pk>/remove/", estimate.remove, name="remove"),
    path("line/<int:line_pk>/redeem/<int:pk>/", money.redeem, name="redeem"),
    path("line/<int:line_pk>/redeem/undo/", money.undo_redemption, name="undo_redemption"),
    path("line/<int:line_pk>/discount/", money.ask_discount, name="ask_discount"),
    path("discounts/", money.discounts, name="discounts"),
    path("discounts/<int:pk>/", money.decide_discount, name="decide_discount"),
    path("discounts/limits/", money.limits, name="limits"),
    path("<int:visit_pk>/ask/", asking.ask, name="ask"),
    path("<int:visit_pk>/take-back/", asking.take_back, name="take_back"),
    path("<int:visit_pk>/phone/", asking.decide_by_phone, name="decide_by_phone"),
    path("<int:visit_pk>/settlement/", settling.settlement, name="settlement"),
    path("<int:visit_pk>/settlement/issue/", settling.issue, name="issue"),
    path("<int:visit_pk>/settlement/explain/", settling.explain, name="explain"),
    path("<int:visit_pk>/print/order/", prints.print_order, name="print_order"),
    path("<int:visit_pk>/print/added/", prints.print_added, name="print_added"),
    path(
        "<int:visit_pk>/print/settlement/",
        prints.print_settlement,
        name="print_settlement",
    ),
]
