"""Checks of what is asked for people and their assignments."""

from geo.accounts.rules.assignments import LEVEL_OF_ROLE, faults_of_assignment
from geo.accounts.rules.sheets import Known, NewAccount, read_accounts

__all__ = ["LEVEL_OF_ROLE", "Known", "NewAccount", "faults_of_assignment", "read_accounts"]
