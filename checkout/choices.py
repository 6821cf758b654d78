from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PaymentMethod(TextChoices):
    CASH = "cash", _("Cash")
    CARD = "card", _("Card")
    WECHAT = "wechat", _("WeChat Pay")
    ALIPAY = "alipay", _("Alipay")
    TRANSFER = "transfer", _("Bank transfer")
    ACCOUNT = "account", _("On account")
