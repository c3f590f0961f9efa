"""The sandbox: what a child may not do, and what becomes of the parent when it tries."""

import errno
import os
import signal
import socket
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from geo.lib import locks
from geo.lib.sandbox import DONE, ENVIRONMENT, OUTCOMES, Limits, run_sandboxed
from geo.lib.uploads.sentences import SENTENCES

CHILDREN = "tests.lib.sandbox_children"
# Little to compute with; of the clock so much that a busy machine changes no outcome.
QUICK = Limits(cpu_s=2, wall_s=60, answer_mb=1)

HEAVY = {"django", "numpy", "pandas", "geopandas", "shapely", "pyogrio", "openpyxl", "psycopg2"}


def run(do, path=None, limits=QUICK, **request):
    return run_sandboxed(CHILDREN, {"do": do} | request, path, limits=limits)


@pytest.fixture
def upload(tmp_path):
    path = tmp_path / "upload"
    path.write_text("halo")
    return path


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def hits(server):
    try:
        server.accept()
    except TimeoutError:
        return 0
    return 1


# --- answers ------------------------------------------------------------------------


def test_a_dict_comes_back_with_progress_on_the_way(upload):
    heard = []
    request = {"do": "echo", "n": 1}
    outcome = run_sandboxed(CHILDREN, request, upload, limits=QUICK, on_progress=heard.append)
    assert (outcome.code, outcome.answer["read"], heard) == (DONE, "halo", [{"done": 0.5}])
    assert outcome.ok
    assert outcome.answer["request"]["n"] == 1


def test_bytes_come_back_as_they_are(upload):
    outcome = run("uppercase", upload)
    assert (outcome.code, outcome.answer) == (DONE, b"HALO")


def test_what_a_library_prints_is_no_part_of_the_answer():
    outcome = run("noise")
    assert outcome.answer == {"fine": True}
    assert "noise" in outcome.last_words


def test_an_input_unreadable_for_others_is_read_all_the_same(upload):
    upload.chmod(0o600)
    assert run("echo", upload).answer["read"] == "halo"


# --- locks --------------------------------------------------------------------------


def test_a_child_can_do_nothing_but_answer(tmp_path, listener):
    secret = tmp_path / "secret"
    secret.write_text("rahasia")
    secret.chmod(0o644)
    outcome = run("whoami", secret=str(secret), port=listener.getsockname()[1], parent=os.getppid())
    answer = outcome.answer
    assert answer["prepared_as"] == os.geteuid()
    assert answer["uid"] != 0
    if os.geteuid() == 0:
        assert (answer["uid"], answer["gid"], answer["groups"]) == (65534, 65534, [])
    assert set(answer["environment"]) <= {*ENVIRONMENT, "LC_CTYPE"}
    assert "allowed" not in answer["tries"].values(), answer["tries"]
    assert hits(listener) == 0


def test_the_environment_holds_no_secret(monkeypatch):
    monkeypatch.setenv("CANARY_SECRET", "rahasia")
    assert "CANARY_SECRET" not in run("whoami", secret="/", port=1, parent=1).answer["environment"]


def test_a_folder_of_its_own_is_all_it_sees_and_it_is_removed(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    outcome = run("use_folder", limits=Limits(file_mb=1), size=1000)
    assert outcome.answer["here"] == ["kept.txt"]
    assert outcome.answer["passwd"] is False
    assert run("use_folder", limits=Limits(file_mb=1), size=3 << 20).code == "failed"
    assert list(tmp_path.iterdir()) == []


def locked(*, uid=None, without=(), files=False, attempt):
    """Fork, lock the fork in, try something; the number it failed with, 0 when it did not."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    code = 99
    try:
        if uid is not None:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
        if "namespace" in without:
            locks.libc = type("Libc", (), {"unshare": lambda *a: -1, "prctl": locks.libc.prctl,
                                           "capset": locks.libc.capset})  # fmt: skip
        if "filter" in without:
            locks._filter_calls = lambda *, files: False
        limits = asdict(Limits(memory_mb=8192)) | {"file_mb": 0}
        locks.lock_down(limits, "/var/empty" if files else "")
        attempt()
        code = 0
    except locks.NoSandbox:
        code = 98
    except OSError as error:
        code = error.errno or 97
    finally:
        os._exit(code)


def connect(server):
    return lambda: socket.socket().connect(server.getsockname())


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give up root's rights")


@pytest.mark.parametrize("without", [(), ("namespace",), ("filter",)])
@pytest.mark.parametrize("uid", [None, 12345])
@as_root
def test_each_of_two_locks_alone_keeps_the_child_off_the_network(listener, uid, without):
    found = locked(uid=uid, without=without, attempt=connect(listener))
    expected = {errno.ENETUNREACH} if without == ("filter",) else {errno.EACCES}
    assert found in expected
    assert hits(listener) == 0


@as_root
def test_without_any_lock_on_the_network_nothing_is_opened():
    found = locked(without=("namespace", "filter"), attempt=lambda: None)
    assert found == 98


@pytest.mark.parametrize("without", [(), ("namespace",), ("filter",)])
@pytest.mark.parametrize("uid", [None, 12345])
@as_root
def test_no_file_can_be_opened(uid, without):
    look = lambda: os.open("/etc/passwd", os.O_RDONLY)  # noqa: E731
    found = locked(uid=uid, without=without, attempt=look)
    # Without the filter the child stands in an empty root; with it nothing opens at all.
    assert found == (errno.ENOENT if without == ("filter",) else errno.EACCES)


# --- bad ends -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("do", "code"),
    [
        ("spin", "too_slow"),
        ("eat", "too_much_memory"),
        ("segfault", "crashed"),
        ("abort", "crashed"),
        ("stop", "answer_garbled"),
        ("complain", "failed"),
        ("garble", "answer_garbled"),
        ("not_a_dict", "answer_garbled"),
        ("twice", "answer_garbled"),
        ("deep", "answer_garbled"),
        ("infinite", "answer_garbled"),
        ("liar", "answer_too_long"),
        ("flood", "answer_too_long"),
    ],
)
def test_every_bad_end_has_a_code(do, code, upload):
    outcome = run(do, upload)
    assert (outcome.code, outcome.answer) == (code, None)
    assert not outcome.ok


def test_a_child_that_waits_for_ever_is_killed():
    # Left alone it would answer, after a while.
    assert run("sleep", limits=Limits(wall_s=0.5)).code == "too_slow"


def test_complaints_are_kept_short_and_quote_nobody():
    outcome = run("complain_much")
    assert len(outcome.last_words) <= 4000
    outcome = run("complain")
    assert "RuntimeError" in outcome.last_words
    assert "secret" not in outcome.last_words


def test_what_is_not_a_regular_file_is_not_given(tmp_path, upload):
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(upload)
    os.mkfifo(pipe)
    for path in (link, pipe, tmp_path, tmp_path / "absent", "/dev/zero"):
        assert run("echo", path).code == "not_a_file", path


def test_an_unknown_module_is_an_outcome_too():
    assert run_sandboxed("tests.lib.nowhere", {}, None, limits=QUICK).code == "crashed"


def test_a_child_does_not_outlive_its_parent(tmp_path):
    noted = tmp_path / "pid"
    parent = os.fork()
    if parent == 0:
        note = lambda told: noted.write_text(str(told["pid"]))  # noqa: E731
        run_sandboxed(CHILDREN, {"do": "sleep"}, None, limits=QUICK, on_progress=note)
        os._exit(0)
    wait_until(lambda: noted.exists() and noted.read_text())
    child = int(noted.read_text())
    assert is_alive(child)
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    wait_until(lambda: not is_alive(child))


def wait_until(true):
    ends = time.monotonic() + 60
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.02)


def is_alive(pid):
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def n_open():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_no_descriptor_is_left_open(upload):
    run("echo", upload)
    before = n_open()
    for do in ("echo", "spin", "segfault", "liar"):
        run(do, upload)
    assert n_open() == before


# --- the rest -----------------------------------------------------------------------


def test_every_outcome_has_a_sentence():
    assert set(OUTCOMES) - {DONE} <= set(SENTENCES)


def test_the_filter_names_each_call_once():
    for column in (0, 1):
        rows = (locks.CALLS_NEVER | locks.CALLS_ON_FILES).values()
        numbers = [row[column] for row in rows if row[column] is not None]
        assert len(numbers) == len(set(numbers))
    assert not set(locks.CALLS_NEVER) & set(locks.CALLS_ON_FILES)


def test_a_child_imports_little_and_so_starts_quickly(upload):
    modules = set(run("imported", upload).answer["modules"])
    assert "tests.lib.sandbox_children" in modules
    assert {name.partition(".")[0] for name in modules} & HEAVY == set()
    assert len(modules) < 250
