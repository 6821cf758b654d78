"""Figures that follow the journal. Journal reads this package when Django starts, so every module of it is named here."""

from reports.reactions import csi, waits

__all__ = ["csi", "waits"]
