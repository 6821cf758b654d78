from django.urls import path

from repairs.views import board, findings, parts, prints, work

app_name = "repairs"
urlpatterns = [
    path("", board.board, name="board"),
    path("live/", board.board_live, name="board_live"),
    path("lines/<int:line_pk>/dispatch/", board.dispatch, name="dispatch"),
    path("jobs/<int:pk>/move/", board.move, name="move"),
    path("jobs/<int:pk>/withdraw/", board.withdraw, name="withdraw"),
    path("visits/<int:visit_pk>/to-inspection/", board.to_inspection, name="to_inspection"),
    path("mine/", work.my_jobs, name="my_jobs"),
    path("mine/live/", work.my_jobs_live, name="my_jobs_live"),
    path("jobs/<int:pk>/", work.job, name="job"),
    path("jobs/<int:pk>/start/", work.start, name="start"),
    path("jobs/<int:pk>/pause/", work.pause, name="pause"),
    path("jobs/<int:pk>/resume/", work.resume, name="resume"),
    path("jobs/<int:pk>/finish/", work.finish, name="finish"),
    path("jobs/<int:pk>/steps/<int:step_pk>/", work.step, name="step"),
    path("jobs/<int:pk>/parts/", work.request_parts, name="request_parts"),
    path("jobs/<int:pk>/print/", prints.print_job, name="print_job"),
    path("visits/<int:visit_pk>/propose/", findings.propose, name="propose"),
    path("parts/", parts.parts, name="parts"),
    path("parts/live/", parts.parts_live, name="parts_live"),
    path("parts/<int:pk>/issue/", parts.issue, name="issue"),
    path("parts/<int:pk>/order/", parts.order, name="order"),
    path("parts/<int:pk>/arrived/", parts.arrived, name="arrived"),
    path("parts/<int:pk>/return/", parts.give_back, name="return"),
    path("parts/<int:pk>/cancel/", parts.cancel, name="cancel"),
    path("stock/<int:pk>/receive/", parts.receive, name="receive"),
]
