from django.urls import path

from complaints.views import case, comforting, deciding, importing, inbox, sales

app_name = "complaints"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("comfort/", comforting.comfort, name="comfort"),
    path("praise/", inbox.praise, name="praise"),
    path("approvals/", deciding.approvals, name="approvals"),
    path("approvals/<int:pk>/", deciding.decide, name="decide"),
    path("limits/", deciding.limits, name="limits"),
    path("limits/<slug:role>/", deciding.set_limit, name="set_limit"),
    path("sales/", sales.sales, name="sales"),
    path("sales/<int:pk>/read/", sales.read, name="sales_read"),
    path("sales/<int:pk>/answer/", sales.answer, name="sales_answer"),
    path("import/", importing.imports, name="import"),
    path("import/<int:pk>/", importing.import_run, name="import_run"),
    path("import/<int:pk>/progress/", importing.import_progress, name="import_progress"),
    path("plans/<int:plan_pk>/approve/", case.approve, name="approve"),
    path("plans/<int:plan_pk>/refuse/", case.refuse, name="refuse"),
    path("plans/<int:plan_pk>/answer/", case.offer_answer, name="offer_answer"),
    path("measures/<int:measure_pk>/done/", case.measure_done, name="measure_done"),
    path("<int:pk>/", case.case, name="case"),
    path("<int:pk>/respond/", case.respond, name="respond"),
    path("<int:pk>/note/", case.note, name="note"),
    path("<int:pk>/grade/", case.grade, name="grade"),
    path("<int:pk>/plan/", case.plan, name="plan"),
    path("<int:pk>/recheck/", case.recheck, name="recheck"),
    path("<int:pk>/cause/", case.cause, name="cause"),
    path("<int:pk>/sales/", case.tell_sales, name="tell_sales"),
    path("<int:pk>/take/", case.take, name="take"),
    path("<int:pk>/close/", case.close, name="close"),
]
