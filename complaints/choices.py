from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VoiceKind(TextChoices):
    """What a customer said in passing, taken by anyone in under 20 seconds."""

    PROBLEM = "problem", _("Problem")
    PRAISE = "praise", _("Praise")
    IDEA = "idea", _("Idea")


class CaseSource(TextChoices):
    DESK = "desk", _("Said in the store")
    WEB = "web", _("Web form")
    FOLLOW_UP = "follow_up", _("Follow-up call")
    SURVEY = "survey", _("Low survey answer")
    PHONE = "phone", _("Phone call")
    MAKER = "maker", _("Maker's hotline")
    REGULATOR = "regulator", _("12315 or another authority")
    IMPORT = "import", _("Imported")


class Severity(TextChoices):
    """domain.md 5.1: the ladder that sets clocks and owners."""

    L1 = "L1", _("L1 grumble")
    L2 = "L2", _("L2 complaint")
    L3 = "L3", _("L3 escalated")
    L4 = "L4", _("L4 grave")


class EntryKind(TextChoices):
    """What a line in a case's log is."""

    RESPONSE = "response", _("Answer to the customer")
    NOTE = "note", _("Note")
    CLOSING = "closing", _("Closed")
    CUSTOMER = "customer", _("Said by the customer")


class CaseState(TextChoices):
    OPEN = "open", _("Being worked on")
    EXECUTED = "executed", _("Waits for re-check")
    CLOSED = "closed", _("Closed")


class CloseKind(TextChoices):
    """How a case ended; the unreachable ones are counted apart from the satisfied ones."""

    SATISFIED = "satisfied", _("Customer satisfied")
    UNREACHABLE = "unreachable", _("Customer not reached")
    PROCEDURAL = "procedural", _("Closed by procedure")
    IMPORT = "import", _("Imported as history")


class CategoryCode(TextChoices):
    """What the complaint is about, in the customer's view: domain.md 5.2, with the consumers' association's own four."""

    REPAIR_QUALITY = "repair_quality", _("Quality of repair")
    REPAIR_PRICE = "repair_price", _("Price of repair")
    REPAIR_TIME = "repair_time", _("Time of repair")
    RECEPTION_WAIT = "reception_wait", _("Waiting before reception")
    ADVISOR = "advisor", _("Service advisor")
    TECHNICIAN = "technician", _("Technician")
    ATTITUDE = "attitude", _("Attitude and handling")
    PARTS = "parts", _("Parts: arrival or quality")
    TRANSPARENCY = "transparency", _("Not transparent")
    FACILITY = "facility", _("Rooms and surroundings")
    WASH = "wash", _("Wash")
    RULES = "rules", _("Rules of the house")
    PRODUCT = "product", _("Quality of the car (maker)")
    WARRANTY_REFUSED = "warranty_refused", _("Statutory warranty refused")
    PROMISE_BROKEN = "promise_broken", _("After-sales promise not kept")
    REPEAT_REPAIR = "repeat_repair", _("Same fault repaired again and again")
    WARRANTY_CHARGED = "warranty_charged", _("Charged within the warranty")
    UNAPPROVED = "unapproved", _("Work added without consent")
    PRIVACY = "privacy", _("Privacy or unwanted messages")
    CALLS = "calls", _("Molested by follow-up calls")
    MOBILITY = "mobility", _("Replacement car or rescue")
    SALES = "sales", _("Sale, contract or description")
    OTHER = "other", _("Something else")


class CauseCode(TextChoices):
    """Why it happened: man, machine, material, method, environment, information."""

    PEOPLE = "people", _("People: skill or attitude")
    EQUIPMENT = "equipment", _("Equipment or tools")
    MATERIAL = "material", _("Parts or material")
    METHOD = "method", _("Process or method")
    ENVIRONMENT = "environment", _("Surroundings")
    INFORMATION = "information", _("Information or communication")


class Responsible(TextChoices):
    """Where the cause lies: a department of the store, or somebody outside."""

    FRONT_DESK = "front_desk", _("Reception and advisors")
    WORKSHOP = "workshop", _("Workshop")
    PARTS = "parts", _("Parts store")
    RELATIONS = "relations", _("Customer relations")
    SALES = "sales", _("Sales department")
    MANAGEMENT = "management", _("Management")
    MAKER = "maker", _("Maker")
    SUPPLIER = "supplier", _("Supplier")
    CUSTOMER = "customer", _("Customer")


class Clock(TextChoices):
    """The three times a case owes the customer."""

    RESPONSE = "response", _("First answer")
    PLAN = "plan", _("Recovery plan")
    RESOLUTION = "resolution", _("Resolution")


class PlanState(TextChoices):
    WAITING = "waiting", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    EXECUTED = "executed", _("Carried out")

    @classmethod
    def live(cls) -> list[str]:
        """States of a plan that may still be carried out; a case has one of these at most."""
        return [cls.WAITING, cls.APPROVED]


class PlanAnswer(TextChoices):
    """What the customer said to an approved plan."""

    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")


class AnswerChannel(TextChoices):
    LINK = "link", _("Through the link")
    PHONE = "phone", _("By phone")
    STORE = "store", _("In the store")


class MeasureKind(TextChoices):
    """The responses of ISO 10002, as the house gives them."""

    APOLOGY = "apology", _("Apology")
    EXPLANATION = "explanation", _("Explanation")
    FREE_REWORK = "free_rework", _("Rework free of charge")
    FREE_LABOUR = "free_labour", _("Labour free of charge")
    REFUND = "refund", _("Refund")
    CASH = "cash", _("Compensation in money")
    COURTESY_CAR = "courtesy_car", _("Replacement car or fare")
    VOUCHER = "voucher", _("Voucher")
    POINTS = "points", _("Points")
    UPGRADE = "upgrade", _("Extended warranty or extra service")
    PICKUP = "pickup", _("Collecting and bringing the car")
    GIFT = "gift", _("Gift")

    @classmethod
    def in_money(cls) -> list[str]:
        """Counted against the cash limit; all others against the limit of vouchers and labour."""
        return [cls.REFUND, cls.CASH]

    @classmethod
    def of_words(cls) -> list[str]:
        """Cost nothing and need nobody's acceptance."""
        return [cls.APOLOGY, cls.EXPLANATION]


class RecheckOutcome(TextChoices):
    SATISFIED = "satisfied", _("Satisfied")
    NOT_SATISFIED = "not_satisfied", _("Not satisfied")
    UNREACHABLE = "unreachable", _("Not reached")


class ImportState(TextChoices):
    PREVIEW = "preview", _("Waits for approval")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class ComfortKind(TextChoices):
    """What anybody at the front may give at once, so that a small wrong is put right while the customer is here."""

    DRINK = "drink", _("A drink or a snack")
    WASH = "wash", _("A wash")
    VOUCHER = "voucher", _("A voucher")
    LABOUR = "labour", _("Labour off the bill")
    RIDE = "ride", _("A ride home or to work")
    GIFT = "gift", _("A gift")
