from django.urls import path

from checkout import views

app_name = "checkout"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("<int:visit_pk>/", views.pay, name="pay"),
    path("<int:visit_pk>/ask-account/", views.ask_account, name="ask_account"),
    path("<int:visit_pk>/book-account/", views.book_account, name="book_account"),
    path("<int:visit_pk>/refund/<int:payment_pk>/", views.refund, name="refund"),
    path("<int:visit_pk>/before-leaving/", views.ask_leaving, name="ask_leaving"),
    path("before-leaving/<int:pk>/met/", views.meet, name="meet"),
    path("<int:visit_pk>/gate-pass/", views.issue_gate_pass, name="issue_gate_pass"),
    path(
        "<int:visit_pk>/gate-pass/print/",
        views.print_gate_pass,
        name="print_gate_pass",
    ),
    path("approvals/", views.approvals, name="approvals"),
    path("approvals/<int:pk>/", views.decide, name="decide"),
    path("gate/", views.gate, name="gate"),
    path("gate/release/", views.release, name="release"),
]
