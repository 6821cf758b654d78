from django.urls import path

from desk import views

app_name = "desk"

urlpatterns = [
    path("", views.home, name="home"),
    path("board/", views.board, name="board"),
    path("board/lanes/", views.board_lanes, name="board_lanes"),
    path("search/", views.search, name="search"),
    path("say/", views.say, name="say"),
    path("v/<int:pk>/", views.visit, name="visit"),
    path("v/<int:pk>/need/", views.add_need, name="add_need"),
    path("v/<int:pk>/need/<int:need_pk>/", views.settle_need, name="settle_need"),
    path("v/<int:pk>/promise/", views.promise, name="promise"),
    path("v/<int:pk>/new-time/", views.move_promise, name="move_promise"),
    path("v/<int:pk>/told/<int:promise_pk>/", views.tell_promise, name="tell_promise"),
    path("v/<int:pk>/tell/", views.tell_customer, name="tell_customer"),
    path("v/<int:pk>/link/", views.send_link, name="send_link"),
    path("v/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("customer/<int:pk>/", views.customer, name="customer"),
    path("set-aside/", views.dead_letters, name="dead_letters"),
    path("set-aside/<int:pk>/retry/", views.retry, name="retry"),
    path("set-aside/<int:pk>/dismiss/", views.dismiss, name="dismiss"),
    path("store/", views.choose_store, name="choose_store"),
]
