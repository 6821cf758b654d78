"""The handover's page and its sheet."""

from handover.views.page import explain, handover, photos, prepare, settle_need
from handover.views.prints import print_handover

__all__ = ["explain", "handover", "photos", "prepare", "print_handover", "settle_need"]
