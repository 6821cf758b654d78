"""Forms of the order. They validate; the domain writes."""

from orders.forms.asking import AskForm, PhoneDecisionForm
from orders.forms.imports import ImportFileForm, ImportMappingForm
from orders.forms.lines import LineForm
from orders.forms.money import DiscountForm, LimitsForm, TermsForm

__all__ = [
    "AskForm",
    "DiscountForm",
    "ImportFileForm",
    "ImportMappingForm",
    "LimitsForm",
    "LineForm",
    "PhoneDecisionForm",
    "TermsForm",
]
