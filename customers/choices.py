from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CustomerKind(TextChoices):
    PERSON = "person", _("Person")
    COMPANY = "company", _("Company")


class Gender(TextChoices):
    MALE = "male", _("Mr")
    FEMALE = "female", _("Ms")
    UNKNOWN = "unknown", _("Not stated")


class Powertrain(TextChoices):
    PETROL = "petrol", _("Petrol")
    DIESEL = "diesel", _("Diesel")
    HYBRID = "hybrid", _("Hybrid")
    PLUG_IN = "plug_in", _("Plug-in hybrid")
    ELECTRIC = "electric", _("Battery electric")
    UNKNOWN = "unknown", _("Not known")


class PlateKind(TextChoices):
    ORDINARY = "ordinary", _("Ordinary plate")
    NEW_ENERGY = "new_energy", _("New-energy plate")
    SPECIAL = "special", _("Temporary, military or other plate")
    NONE = "none", _("Not registered yet")


class OwnershipKind(TextChoices):
    OWNER = "owner", _("Owner")
    DRIVER = "driver", _("Brings the car")


class Purpose(TextChoices):
    """Why personal data is used; the law asks for consent per purpose (PIPL 13-16)."""

    SERVICE = "service", _("Carrying out the repair")
    SURVEY = "survey", _("Satisfaction survey")
    MARKETING = "marketing", _("Reminders and offers")


class ConsentChannel(TextChoices):
    SMS = "sms", _("SMS")
    WECHAT = "wechat", _("WeChat")
    PHONE = "phone", _("Phone call")
    EMAIL = "email", _("E-mail")


# What a customer is asked for where he is: whether these may be used at all, and by which ways if he says yes.
ASKED_PURPOSES = (Purpose.SURVEY, Purpose.MARKETING)
ASKED_CHANNELS = (ConsentChannel.SMS, ConsentChannel.PHONE)


class OdometerSource(TextChoices):
    RECEPTION = "reception", _("Read at reception")
    IMPORT = "import", _("Imported history")
    CUSTOMER = "customer", _("Told by the customer")
    REPLACED = "replaced", _("Meter replaced")


class EntitlementKind(TextChoices):
    FIRST_SERVICE = "first_service", _("First service")
    FREE_INSPECTION = "free_inspection", _("Free inspection")
    PACKAGE = "package", _("Service package")
    VOUCHER = "voucher", _("Voucher")


class EntitlementPayer(TextChoices):
    """Who bears what is redeemed."""

    MAKER = "maker", _("Maker")
    PREPAID = "prepaid", _("Paid by the customer in advance")
    STORE = "store", _("Store")
