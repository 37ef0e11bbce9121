"""Check that a version can be released, and write what belongs to it into var/release; tags and pushes nothing.

Usage: make release VERSION=X.Y.Z
"""

import hashlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from tests.upgrades import releases  # noqa: E402 - needs the path above

BIN = ROOT / ".venv/bin"
OUT = ROOT / "var/release"
TOOLS = ROOT / "var/tools/bin"


def faults(version: str) -> Iterator[str]:
    """Yield what is missing for this version, a sentence each."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        yield "Name the version as X.Y.Z: make release VERSION=1.2.3."
        return
    if said("git", "status", "--porcelain"):
        yield "The working tree is not clean: commit or remove what git status lists."
    if said("git", "tag", "--list", f"v{version}") and said("git", "tag", "--points-at", "HEAD") != f"v{version}":
        yield f"There is a tag v{version} already, at another commit: choose the next version."
    named = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    if named != version:
        yield f"pyproject.toml says version {named}."
    yield from faults_of_changelog(version)
    newer = [one for one in releases.released() if releases.key(one) > releases.key(version)]
    if newer:
        yield f"{newer[-1]} was released already, which is newer."
    for vendor in ("sqlite", "postgresql"):
        if not (path := releases.path(version, vendor)).exists():
            yield f"{path.relative_to(ROOT)} is missing: make upgrade-files VERSION={version}."
    if releases.path(version, "sqlite").exists() and (left := releases.migrations(version) ^ migrations()):
        names = ", ".join(sorted(f"{app}.{name}" for app, name in left))
        yield f"Its database in tests/upgrades has other migrations ({names}): make upgrade-files VERSION={version}."


def faults_of_changelog(version: str) -> Iterator[str]:
    """Yield what the changelog lacks: a dated section with *Upgrading*, and nothing left over."""
    text = releases.CHANGELOG.read_text()
    sections = dict(re.findall(r"^## \[(.+?)\](.*?)(?=^## \[|\Z)", text, re.MULTILINE | re.DOTALL))
    if version not in releases.released():
        yield f"CHANGELOG.md has no section “## [{version}] - YYYY-MM-DD”."
    elif "### Upgrading" not in sections[version]:
        yield f"The section of {version} in CHANGELOG.md has no “### Upgrading”: say what operators do, if anything."
    if sections.get("Unreleased", "").strip():
        yield "CHANGELOG.md still has lines under “Unreleased”."


def migrations() -> set[tuple[str, str]]:
    """Return app and name of each migration of the portal and its libraries, as manage.py lists them."""
    found, app = set(), ""
    for line in said(BIN / "python", "manage.py", "showmigrations", "--list").splitlines():
        if name := re.match(r" \[.\] (\w+)", line):
            found.add((app, name[1]))
        else:
            app = line.strip()
    return found


def said(*command: str | Path) -> str:
    """Return what a command prints; it must succeed."""
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 - ours


def run(what: str, *command: str | Path) -> None:
    """Say what is done and do it; a failure ends the program."""
    print(f"{what} …", flush=True)
    if subprocess.run(command, cwd=ROOT, check=False).returncode:  # noqa: S603 - ours
        sys.exit(f"{what}: failed. Nothing was released.")


def write(version: str) -> list[Path]:
    """Write the source, the bill of materials and their digests; return the files."""
    OUT.mkdir(parents=True, exist_ok=True)
    source, bill = OUT / f"portal-{version}.tar.gz", OUT / f"portal-{version}.cdx.json"
    run("Source", "git", "archive", "--format=tar.gz", f"--prefix=portal-{version}/", f"--output={source}", "HEAD")
    options = ("--pyproject", "pyproject.toml", "--mc-type", "application", "--output-reproducible")
    run("Bill of materials", TOOLS / "cyclonedx-py", "requirements", "requirements.txt", *options, "-o", bill)
    sums = OUT / "SHA256SUMS"
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in (source, bill)]
    sums.write_text("".join(lines))
    return [source, bill, sums]


def main(version: str) -> None:
    if found := list(faults(version)):
        sys.exit("\n".join(found))
    run("Lint", "make", "lint")
    tests = (BIN / "python", "-m", "pytest", "-q", "tests/test_upgrades.py", "tests/test_migrations.py")
    run("Upgrades on SQLite", "env", "--unset=DATABASE_URL", *tests)
    run("Upgrades on PostgreSQL", ".ci/with-postgres", *tests)
    for path in write(version):
        print(f"  {path.relative_to(ROOT)}")
    print(f"{version} can be released, once .ci/run has passed on this commit. Nothing is tagged or pushed:")
    print(f"  git tag --annotate v{version} --message 'Version {version}' && git push origin v{version}")
    print("The tag starts .github/workflows/release.yml, which does all this again and stores the files.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
