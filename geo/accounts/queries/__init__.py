"""Who may see and do what, and lists of people."""

from geo.accounts.queries.access import (
    ACTS,
    ANY_SECTOR,
    NEED_SECOND_FACTOR,
    Access,
    Act,
    AnySector,
    Grant,
    access_of,
    has_second_factor,
    lacks_second_factor,
    people_who_may,
)
from geo.accounts.queries.people import (
    BY_LINK,
    area_choices,
    assignments_of,
    find_assignment,
    find_person,
    history_of,
    people_with_address,
    search_people,
    villages_without_operator,
)

__all__ = [
    "ACTS",
    "ANY_SECTOR",
    "BY_LINK",
    "NEED_SECOND_FACTOR",
    "Access",
    "Act",
    "AnySector",
    "Grant",
    "access_of",
    "area_choices",
    "assignments_of",
    "find_assignment",
    "find_person",
    "has_second_factor",
    "history_of",
    "lacks_second_factor",
    "people_who_may",
    "people_with_address",
    "search_people",
    "villages_without_operator",
]
