"""What a key may do."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scope(TextChoices):
    """A right of a key: one resource, reading or writing. Contact data is a right of its own: phones are masked without it."""

    CUSTOMERS_READ = "customers.read", _("Read customers and cars")
    CUSTOMERS_WRITE = "customers.write", _("Enter and correct customers and cars")
    CUSTOMERS_CONTACT = "customers.contact", _("See phone numbers and e-mail addresses in full")
    APPOINTMENTS_READ = "appointments.read", _("Read free slots and appointments")
    APPOINTMENTS_WRITE = "appointments.write", _("Book, move and cancel appointments")
    VISITS_READ = "visits.read", _("Read visits and their lines")
    VISITS_WRITE = "visits.write", _("Open visits of customers who came without booking")
    COMPLAINTS_READ = "complaints.read", _("Read complaints")
    COMPLAINTS_WRITE = "complaints.write", _("Open complaints")
    SURVEYS_READ = "surveys.read", _("Read survey results")
    COMMITMENTS_READ = "commitments.read", _("Read commitments and how they were kept")
