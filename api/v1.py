"""Addresses of version 1. What is here stays as it is; things are only added."""

from django.urls import path, re_path

from api.endpoints import Nowhere
from api.views import appointments, commitments, complaints, customers, surveys, visits, waiting, whoami

app_name = "v1"
urlpatterns = [
    path("key", whoami.Key.as_view(), name="key"),
    path("customers", customers.Customers.as_view(), name="customers"),
    path("customers/<int:pk>", customers.OneCustomer.as_view(), name="customer"),
    path("vehicles", customers.Vehicles.as_view(), name="vehicles"),
    path("vehicles/<int:pk>", customers.OneVehicle.as_view(), name="vehicle"),
    path("advisors", appointments.Advisors.as_view(), name="advisors"),
    path("slots", appointments.Slots.as_view(), name="slots"),
    path("appointments", appointments.Appointments.as_view(), name="appointments"),
    path("appointments/<int:pk>", appointments.OneAppointment.as_view(), name="appointment"),
    path("appointments/<int:pk>/reschedule", appointments.Reschedule.as_view(), name="reschedule"),
    path("appointments/<int:pk>/cancel", appointments.Cancel.as_view(), name="cancel"),
    path("offers", waiting.Offers.as_view(), name="offers"),
    path("holds", waiting.Holds.as_view(), name="holds"),
    path("holds/<int:pk>/release", waiting.ReleaseHold.as_view(), name="release_hold"),
    path("waitlist", waiting.Waitlist.as_view(), name="waitlist"),
    path("waitlist/<int:pk>", waiting.OneWaitlistEntry.as_view(), name="waitlist_entry"),
    path("waitlist/<int:pk>/leave", waiting.LeaveWaitlist.as_view(), name="leave_waitlist"),
    path("waitlist/<int:pk>/accept", waiting.AcceptOffer.as_view(), name="accept_offer"),
    path("waitlist/<int:pk>/decline", waiting.DeclineOffer.as_view(), name="decline_offer"),
    path("visits", visits.Visits.as_view(), name="visits"),
    path("visits/<int:pk>", visits.OneVisit.as_view(), name="visit"),
    path("complaints", complaints.Complaints.as_view(), name="complaints"),
    path("complaints/<int:pk>", complaints.OneComplaint.as_view(), name="complaint"),
    path("survey-responses", surveys.SurveyResponses.as_view(), name="survey_responses"),
    path("survey-responses/<int:pk>", surveys.OneSurveyResponse.as_view(), name="survey_response"),
    path("commitments", commitments.Commitments.as_view(), name="commitments"),
    path("commitments/<int:pk>", commitments.OneCommitment.as_view(), name="commitment"),
    path("measurements", commitments.Measurements.as_view(), name="measurements"),
    path("measurements/<int:pk>", commitments.OneMeasurement.as_view(), name="measurement"),
    # Whatever else is asked below the API gets its refusal in the API's language.
    re_path(r"^[\s\S]*$", Nowhere.as_view(), name="nowhere"),
]
