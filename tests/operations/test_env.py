"""Settings are read from the environment and never guessed."""

import pytest

from regency_map import env as reading

NAME = "PETA_TEST_SETTING"


def test_absent_value_without_default_is_refused_by_name(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)
    with pytest.raises(SystemExit, match=f"Setting {NAME} is not set; expected a value"):
        reading.env(NAME)


def test_empty_value_counts_as_absent(monkeypatch):
    monkeypatch.setenv(NAME, " ")
    assert reading.env(NAME, "default") == "default"
    with pytest.raises(SystemExit):
        reading.env(NAME)


@pytest.mark.parametrize(
    ("written", "read"), [("true", True), ("FALSE", False), ("", True), (" true ", True)]
)
def test_yes_and_no(monkeypatch, written, read):
    monkeypatch.setenv(NAME, written)
    assert reading.env_bool(NAME, default=True) is read


@pytest.mark.parametrize("written", ["1", "yes", "ya", "on"])
def test_other_words_for_yes_are_refused(monkeypatch, written):
    monkeypatch.setenv(NAME, written)
    with pytest.raises(SystemExit, match=f"is '{written}'; expected 'true' or 'false'"):
        reading.env_bool(NAME, default=False)


@pytest.mark.parametrize("written", ["two", "-1", "1.5", "²"])
def test_numbers_that_are_none_are_refused(monkeypatch, written):
    monkeypatch.setenv(NAME, written)
    with pytest.raises(SystemExit, match="expected a whole number"):
        reading.env_int(NAME, default=1)


def test_list_drops_empty_parts(monkeypatch):
    monkeypatch.setenv(NAME, "a, b,,")
    assert reading.env_list(NAME) == ["a", "b"]


def test_choice_names_what_is_allowed(monkeypatch):
    monkeypatch.setenv(NAME, "LOUD")
    with pytest.raises(SystemExit, match="is 'LOUD'; expected one of INFO, WARNING"):
        reading.env_choice(NAME, ("INFO", "WARNING"), default="INFO")


@pytest.mark.parametrize("address", ["postgres://u:hush@h/d", "sqlite:///x", "postgis://u:hush@h"])
def test_other_databases_are_refused_without_showing_the_password(monkeypatch, address):
    monkeypatch.setenv(NAME, address)
    with pytest.raises(SystemExit, match="expected postgis://") as refusal:
        reading.env_database_url(NAME)
    assert "hush" not in str(refusal.value)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://peta.example.go.id/", "https://peta.example.go.id"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("", ""),
    ],
)
def test_the_address_of_the_site_has_no_slash_at_its_end(monkeypatch, written, read):
    monkeypatch.setenv(NAME, written)
    assert reading.env_address(NAME, is_needed=False) == read


@pytest.mark.parametrize(
    "written", ["peta.example.go.id", "https://", "https://a/b", "ftp://a", ""]
)
def test_an_address_that_mails_cannot_lead_to_is_refused(monkeypatch, written):
    monkeypatch.setenv(NAME, written)
    with pytest.raises(SystemExit, match=r"not set|such as https"):
        reading.env_address(NAME, is_needed=True)
