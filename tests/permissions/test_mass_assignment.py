"""Whoever posts every field of a model changes no more than the form asks for."""

import datetime

import pytest
from django.db import transaction
from django.forms.models import model_to_dict
from django.test import Client

from geo.submissions.models import Submission, SubmissionVersion
from tests.permissions import states
from tests.permissions.test_states import address_of, fields_of, quiet, world

__all__ = ["quiet", "world"]
# What the forms themselves ask for.
ASKED = {"note", "edit", "file", "id"}
WRITTEN = {"state": "verified", "period": "1999", "is_demo": "on", "sealed_at": "2020-01-01"}


def every_field() -> dict[str, str]:
    fields = [*Submission._meta.fields, *SubmissionVersion._meta.fields]
    names = {name for field in fields for name in (field.name, field.attname)} - ASKED
    return {name: WRITTEN.get(name, "1") for name in sorted(names)}


def facts(row) -> dict:
    """A row without its key and its moments."""
    kept = {field.attname: getattr(row, field.attname) for field in row._meta.fields}
    kept |= model_to_dict(row, exclude=["id"])
    leave = {"id", "current", "current_id", "file", "file_id", "job_version", "job_version_id"}
    return {
        name: isinstance(value, datetime.datetime) or value
        for name, value in kept.items()
        if name not in leave
    }


def outcome(client, address: str, fields: dict, submission) -> list:
    with transaction.atomic():
        assert client.post(address, fields).status_code in {200, 302}
        now = Submission.objects.get(pk=submission.pk)
        found = [facts(now), *map(facts, now.versions.order_by("number"))]
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("route", [*states.STEPS, *states.FORM_STEPS])
def test_fields_that_are_not_asked_for_change_nothing(world, route):
    rule = (states.STEPS | states.FORM_STEPS)[route]
    state = min(rule.when)
    submission = states.States(world).make(state, world.cast.operator)
    case = states.Case(state, "operator", submission)
    client, address = Client(), address_of(route, case)
    client.force_login(world.cast.walidata)
    assert "created_by_id" in every_field()
    plain = outcome(client, address, fields_of(rule, case, route), submission)
    wanted = [facts(submission), *map(facts, submission.versions.order_by("number"))]
    assert route in {"comment", "counter", "upload"} or plain != wanted  # something was done
    hostile = fields_of(rule, case, route) | every_field()
    assert outcome(client, address, hostile, submission) == plain
