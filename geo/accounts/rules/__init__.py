"""Checks of what is asked for people and their assignments."""

from geo.accounts.rules.assignments import LEVEL_OF_ROLE, faults_of_assignment
from geo.accounts.rules.names import is_name
from geo.accounts.rules.passwords import advice, faults_of_password
from geo.accounts.rules.sheets import (
    HEADINGS,
    ROLE_WORDS,
    Known,
    KnownArea,
    NewAccount,
    names_people,
    plain,
    read_accounts,
)

__all__ = [
    "HEADINGS",
    "LEVEL_OF_ROLE",
    "ROLE_WORDS",
    "Known",
    "KnownArea",
    "NewAccount",
    "advice",
    "faults_of_assignment",
    "faults_of_password",
    "is_name",
    "names_people",
    "plain",
    "read_accounts",
]
