"""The scripts: what they promise without starting a server."""

import os
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMON = f'source "{ROOT}/script/_common.sh"; source "{ROOT}/script/_postgres.sh"; '


def run(*command, **environment) -> subprocess.CompletedProcess:
    """Run a script as an operator would, without what the tests' own environment holds."""
    private = {"DATABASE_URL", "SECRET_KEY", "VAR_DIR", "BOUNDARY_MIRROR", "PORT"}
    surroundings = {k: v for k, v in os.environ.items() if k not in private}
    return subprocess.run(
        [str(part) for part in command],
        cwd="/",
        env=surroundings | {"READ_ENV_FILE": "no"} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


def bash(code: str, **environment) -> str:
    done = run("bash", "-c", COMMON + code, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("depth", [1, 60])
@pytest.mark.parametrize("cluster", ["postgres", "postgres-test"])
def test_socket_path_is_short_for_any_checkout(tmp_path, depth, cluster):
    folder = "/".join(["deep"] * depth)
    directory = bash("socket_dir", VAR_DIR=f"{tmp_path}/{folder}", CLUSTER=cluster)
    assert len(f"{directory}/.s.PGSQL.5432.lock") < 107


def test_two_checkouts_and_two_clusters_never_share_a_socket(tmp_path):
    paths = {
        bash("socket_dir", VAR_DIR=str(tmp_path / folder), CLUSTER=cluster)
        for folder in ("a", "b")
        for cluster in ("postgres", "postgres-test")
    }
    assert len(paths) == 4


def test_regencies_have_a_database_each(tmp_path):
    assert bash("private_database_url", VAR_DIR=str(tmp_path)).endswith("/peta_16_07")
    url = bash("private_database_url", VAR_DIR=str(tmp_path), REGENCY_CODE="16.71")
    assert url.endswith("/peta_16_71")


def test_moved_checkout_keeps_its_data_and_a_copy_gets_its_own(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("The data lie outside the checkout only when root starts the cluster.")
    kept, old, new = tmp_path / "lib" / "postgres", tmp_path / "old", tmp_path / "new"
    kept.mkdir(parents=True)
    for folder in (old, new):
        folder.mkdir()
        (folder / "postgres").symlink_to(kept)
    Path(f"{kept}.checkout").write_text(str(old))
    assert bash("cluster_dir", VAR_DIR=str(old)) == str(kept)
    assert bash("cluster_dir", VAR_DIR=str(new)) != str(kept), "a copy: the old one is still there"
    (old / "postgres").unlink()
    assert bash("cluster_dir", VAR_DIR=str(new)) == str(kept), "moved: the old one is gone"


def test_second_bootstrap_does_nothing_and_says_nothing():
    first = run(ROOT / "script/bootstrap", "--run")
    assert first.returncode == 0, first.stderr
    stamps = [ROOT / ".venv/.peta-stamp", ROOT / "node_modules/.peta-stamp"]
    before = [stamp.stat().st_mtime_ns for stamp in stamps]
    second = run(ROOT / "script/bootstrap", "--run")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert [stamp.stat().st_mtime_ns for stamp in stamps] == before


def test_changed_requirements_make_another_stamp(tmp_path):
    clone = tmp_path / "clone"
    (clone / "script").mkdir(parents=True)
    names = [*ROOT.glob("requirements*.txt"), ROOT / "constraints.txt"]
    for file in [*names, *(ROOT / "script").iterdir()]:
        (clone / file.relative_to(ROOT)).write_bytes(file.read_bytes())
    code = (clone / "script/bootstrap").read_text()
    start = code.index("python_stamp() {")
    stamp = code[start : code.index("\n}\n", start) + 3] + "python_stamp"

    def ask() -> str:
        done = run("bash", "-c", f'source "{clone}/script/_common.sh"; {stamp}')
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    before = ask()
    assert ask() == before
    with (clone / "requirements.txt").open("a") as file:
        file.write("one-more==1.0\n")
    assert ask() != before


def test_without_a_package_index_it_says_so_and_clears_nobody_elses_environment(tmp_path):
    clone, theirs = tmp_path / "clone", tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "precious").touch()
    (clone / "script").mkdir(parents=True)
    for file in [*ROOT.glob("requirements*.txt"), ROOT / "constraints.txt"]:
        (clone / file.name).write_bytes(file.read_bytes())
    for file in (ROOT / "script").iterdir():
        (clone / "script" / file.name).write_bytes(file.read_bytes())
    (clone / ".venv").symlink_to(theirs)
    nowhere = {
        "PIP_INDEX_URL": "http://127.0.0.1:1/",
        "PIP_FIND_LINKS": "",
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_RETRIES": "0",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_CACHE_DIR": "1",
    }
    done = run("bash", clone / "script/bootstrap", "--run", **nowhere)
    assert done.returncode == 1
    assert "this machine cannot reach a Python package index" in done.stderr
    assert (theirs / "precious").exists()
    assert not (clone / ".venv/.peta-stamp").exists(), "half an environment is not taken for whole"


def test_env_file_is_read_and_never_executed(tmp_path):
    (tmp_path / "script").mkdir()
    (tmp_path / "script/_common.sh").write_bytes((ROOT / "script/_common.sh").read_bytes())
    (tmp_path / ".env").write_text(
        '# a remark\n\nPORT=8123\nALLOWED_HOSTS="a.id,b.id"\nBOUNDARY_MIRROR=$(touch stolen)\n'
        "LOG_LEVEL=ERROR\r\n"
    )
    code = f'source "{tmp_path}/script/_common.sh"; echo "$PORT|$ALLOWED_HOSTS|$LOG_LEVEL"; '
    code += 'echo "$BOUNDARY_MIRROR"'
    done = run("bash", "-c", code, READ_ENV_FILE="yes", LOG_LEVEL="DEBUG")
    assert done.stdout == "8123|a.id,b.id|DEBUG\n$(touch stolen)\n"
    assert not (tmp_path / "stolen").exists()
    (tmp_path / ".env").write_text("PORT 8123\n")
    done = run("bash", "-c", code, READ_ENV_FILE="yes")
    assert done.returncode == 1
    assert "line that is not NAME=value: PORT 8123" in done.stderr


def test_taken_port_is_told_before_any_work(tmp_path):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        done = run(ROOT / "script/server", "--port", port, VAR_DIR=str(tmp_path))
    assert done.returncode == 1
    assert f"Port {port} on 127.0.0.1 is already in use" in done.stderr
    assert "--port" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_impossible_port_is_refused(tmp_path, port):
    done = run(ROOT / "script/server", "--port", port, VAR_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "expected a whole number from 1 to 65535" in done.stderr


def test_database_of_another_is_never_deleted(tmp_path):
    address = {"DATABASE_URL": "postgis://u@nowhere.invalid/d", "VAR_DIR": str(tmp_path)}
    for verb in ("reset", "remove"):
        done = run(ROOT / "script/database", verb, "--yes", **address)
        assert done.returncode == 1
        assert "never deletes" in done.stderr


def test_reset_asks_first(tmp_path):
    done = run(ROOT / "script/database", "reset", VAR_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "add --yes" in done.stderr


def test_ci_calls_the_test_script():
    assert 'script/test" "$@"' in (ROOT / ".ci/run").read_text()
    scripts = ["bootstrap", "database", "manage", "pin", "server", "test"]
    for file in [*(ROOT / "script" / name for name in scripts), ROOT / ".ci/run"]:
        assert os.access(file, os.X_OK), file
        assert "set -euo pipefail" in file.read_text() or "_common.sh" in file.read_text()


@pytest.fixture
def open_folder():
    """A folder that the user of the database may enter, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield folder


def test_the_tests_leave_no_database_running(open_folder):
    arguments = ("--only-pytest", "--version")
    done = run(ROOT / "script/test", *arguments, VAR_DIR=open_folder)
    after = "if cluster_runs; then echo it runs; fi; remove_cluster"
    left = bash(after, VAR_DIR=open_folder, CLUSTER="postgres-test")
    assert done.returncode == 0, done.stderr
    assert left == ""
