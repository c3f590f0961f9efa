"""Writing the book of population changes, and taking back what was written."""

from geo.population.services.recording import (
    Entry,
    LedgerRefused,
    LedgerReport,
    check_months,
    record_months,
    remove_demo_ledger,
)
from geo.population.services.withdrawing import MonthsFollow, withdraw_months

__all__ = [
    "Entry",
    "LedgerRefused",
    "LedgerReport",
    "MonthsFollow",
    "check_months",
    "record_months",
    "remove_demo_ledger",
    "withdraw_months",
]
