from django.urls import path

from customers import views

app_name = "customers"
urlpatterns = [
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/preferences/", views.preferences, name="preferences"),
    path("<int:pk>/cars/", views.add_vehicle, name="add_vehicle"),
    path("<int:pk>/consents/", views.consent, name="consent"),
    path("cars/<int:pk>/entitlements/", views.entitlements, name="entitlements"),
    path("entitlements/<int:pk>/void/", views.void_entitlement, name="void_entitlement"),
    path("cars/<int:pk>/", views.edit_vehicle, name="edit_vehicle"),
]
