"""What `make release` and the check of migrations refuse."""

import importlib.util
from pathlib import Path

import pytest
from django.db import connection

from tests.upgrades import releases

ROOT = Path(__file__).resolve().parents[1]


def script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / f".ci/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def changelog(tmp_path, monkeypatch):
    """Return a function that writes the changelog of a made-up release 0.2.0."""
    path = tmp_path / "CHANGELOG.md"
    monkeypatch.setattr(releases, "CHANGELOG", path)
    return path.write_text


DATED = "## [0.2.0] - 2027-01-31\n\n### Upgrading\n\nNothing.\n\n## [0.1.0] - 2026-12-01\n\n### Upgrading\n\nNothing.\n"


def test_what_the_changelog_must_have(changelog):
    faults = script("release").faults_of_changelog
    changelog(DATED)
    assert releases.released() == ["0.1.0", "0.2.0"]
    assert list(faults("0.2.0")) == []
    for text, words in (
        (DATED.replace(" - 2027-01-31", ""), "no section “## [0.2.0] - YYYY-MM-DD”"),
        (DATED.replace("### Upgrading", "### Changed", 1), "no “### Upgrading”"),
        ("## [Unreleased]\n\n- More.\n\n" + DATED, "still has lines under “Unreleased”"),
    ):
        changelog(text)
        [fault] = faults("0.2.0")
        assert words in fault


def test_what_the_version_must_be(changelog, monkeypatch):
    release = script("release")
    answers = {"status": " M README.md", "tag": "", "showmigrations": ""}
    monkeypatch.setattr(release, "said", lambda _program, *rest: answers.get(rest[0], answers.get(rest[-2], "")))
    assert [one.split(":")[0] for one in release.faults("next")] == ["Name the version as X.Y.Z"]
    changelog(DATED)
    found = "\n".join(release.faults("0.1.1"))
    for words in (
        "The working tree is not clean",
        "pyproject.toml says version 0.1.0.",
        "no section “## [0.1.1]",
        "0.2.0 was released already, which is newer.",
        "tests/upgrades/0.1.1.sqlite.sql.gz is missing",
        "tests/upgrades/0.1.1.postgresql.sql.gz is missing",
    ):
        assert words in found


@pytest.mark.skipif(connection.vendor != "postgresql", reason="reads the statements of PostgreSQL")
@pytest.mark.django_db
def test_migrations_that_an_older_version_would_trip_over(changelog, capsys):
    """Those since the last release: a column that must be filled is refused, a new table is not."""
    check = script("check_migrations")
    changelog("## [Unreleased]\n")
    assert check.new_migrations() == []
    unsafe, safe = ("scoreboard", "0029_shows_submitted"), ("scoreboard", "0038_site_notices")
    assert check.faulty([unsafe, safe]) == ["scoreboard.0029_shows_submitted"]
    assert "NOT NULL constraint on columns" in capsys.readouterr().out
    changelog("## [0.1.0] - 2026-12-01\n")
    known = releases.migrations("0.1.0")
    assert unsafe in known
    assert not set(check.new_migrations()) & known
