from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PaymentMethod(TextChoices):
    CASH = "cash", _("Cash")
    CARD = "card", _("Card")
    WECHAT = "wechat", _("WeChat Pay")
    ALIPAY = "alipay", _("Alipay")
    TRANSFER = "transfer", _("Bank transfer")
    ACCOUNT = "account", _("On account")


class Leaving(TextChoices):
    """What the customer said when he was asked once, before the car left."""

    CONTENT = "content", _("Content")
    NOT_CONTENT = "not_content", _("Not content")
    NOBODY = "nobody", _("Nobody there to ask")
