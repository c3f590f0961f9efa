"""Changing people, what they answer for, and how they sign in."""

from geo.accounts.services.assignments import (
    AlreadyAssigned,
    NotByYourself,
    WrongScope,
    assign,
    end_assignment,
    hand_over,
)
from geo.accounts.services.demo import DEMO_CAST, create_demo_cast
from geo.accounts.services.forgotten import (
    TooManyWishes,
    ask_for_link,
    link_tokens,
    set_forgotten_password,
)
from geo.accounts.services.people import (
    NotAboveYou,
    Slip,
    change_password,
    change_person,
    create_accounts,
    create_person,
    end_other_sessions,
    reset_password,
    set_active,
)
from geo.accounts.services.second_factor import (
    CodeIsWrong,
    begin_second_factor,
    confirm_second_factor,
    recovery_codes,
    remove_second_factor,
    renew_recovery_codes,
    takes_code,
)
from geo.accounts.services.sheets import read_sheet, write_sheet
from geo.accounts.services.signing_in import (
    PENDING,
    Verdict,
    admit,
    check_code,
    check_password,
    confirm_code,
    pending_user,
)

__all__ = [
    "DEMO_CAST",
    "PENDING",
    "AlreadyAssigned",
    "CodeIsWrong",
    "NotAboveYou",
    "NotByYourself",
    "Slip",
    "TooManyWishes",
    "Verdict",
    "WrongScope",
    "admit",
    "ask_for_link",
    "assign",
    "begin_second_factor",
    "change_password",
    "change_person",
    "check_code",
    "check_password",
    "confirm_code",
    "confirm_second_factor",
    "create_accounts",
    "create_demo_cast",
    "create_person",
    "end_assignment",
    "end_other_sessions",
    "hand_over",
    "link_tokens",
    "pending_user",
    "read_sheet",
    "recovery_codes",
    "remove_second_factor",
    "renew_recovery_codes",
    "reset_password",
    "set_active",
    "set_forgotten_password",
    "takes_code",
    "write_sheet",
]
