"""Bad files on the whole way: received, checked by the worker, answered with sentences.

Every bad file is read in ``tests/uploads``; here each kind of them goes through a submission.
"""

import pytest

from geo.indicators.models import Observation
from geo.lib.grids import issues_from_json
from geo.submissions.batch import jobs
from geo.submissions.models import State, Submission, SubmissionVersion
from tests.submissions.test_receiving import receive
from tests.uploads.corpus import SECRET, Canary, all_cases

ONE_IN = 16
CASES = [case for case in all_cases() if case.content is not None][::ONE_IN]


@pytest.fixture
def canary(tmp_path):
    secret = tmp_path / "secret.geojson"
    secret.write_text(SECRET)
    return Canary(secret, "http://127.0.0.1:9/", tmp_path)


def test_a_bad_file_is_refused_with_sentences_and_the_next_one_is_checked(world, canary):
    assert len(CASES) > 20
    for case in CASES:
        content = case.content(canary)
        if not content or len(content) > 20 << 20:
            continue
        submission = receive(world, content, name=case.name).submission
        jobs.run(submission.pk)
        found = Submission.objects.get(pk=submission.pk)
        assert found.state in (State.FAULTY, State.READY), f"{case.name}: {found.failure}"
        assert (found.job, found.attempts) == ("", 1), case.name
        issues = issues_from_json(found.current.issues)
        assert found.state == State.READY or issues, case.name
        assert all(len(issue.message) > 20 for issue in issues), case.name
        assert SECRET not in str(found.current.content), case.name
    assert SubmissionVersion.objects.count() > 20
    assert Observation.objects.count() == 0
