"""What the drills need: a server to kill, a browser that notes what each page claims, and a table of what came out."""

import os
from dataclasses import dataclass, field

import pytest
from django.conf import global_settings
from django.conf import settings as django_settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from bench.server import ROOT, Server, collect_static_files, end_sessions
from scoreboard.models import Answer, AnswerVersion, State, Submission, User
from tests.browser.conftest import browser  # noqa: F401 - a fixture
from tests.drills.mailserver import MailServer
from tests.drills.portal import Portal
from tests.factories import HARBOUR, a_focal, an_edition, session_of, submission_at

# Reports each change of an answer's line with what stands in its comment at that moment.
WATCH = """
new MutationObserver((changes) => {
  for (const { target } of changes) {
    const line = target.closest?.(".answer-state");
    if (!line || line.dataset.state !== "saved") continue;
    const comment = line.closest("[id^='i']").querySelector("[name$='-comment']");
    console.debug("CLAIM", comment.name.slice(1, -"-comment".length), comment.value);
  }
}).observe(document, { subtree: true, childList: true });
"""
PATIENCE = 90_000  # milliseconds: the machine may be busy, and what is awaited is not how quick it is
# A drill of the browser, the line or the disk runs once: on PostgreSQL, which has fewer drills of its own.
once = pytest.mark.skipif(connection.vendor == "sqlite", reason="Runs on PostgreSQL: no database has a part in it.")
LONG = os.environ.get("DRILLS") == "long"  # the slow ones too: make drills ARGS=long
rows: list[tuple[str, ...]] = []
lighthouse: list[tuple[str, ...]] = []
troubles: list[tuple[str, ...]] = []
schemathesis: list[tuple[str, ...]] = []


@dataclass
class Scene:
    """A drill: who plays, on which server, what the pages claimed, and what must be true of it."""

    server: Server
    browser: Browser
    submission: Submission
    person: User
    contexts: list[BrowserContext] = field(default_factory=list)
    claims: list[tuple[str, str, bool]] = field(default_factory=list)  # indicator, comment, was it stored by then

    @property
    def area(self) -> str:
        return f"{self.server.url}/submissions/{self.submission.pk}/areas/P/"

    def window(self) -> Page:
        """Return a page of the area in a new browser of the person."""
        context = self.browser.new_context()
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        context.add_cookies([{"name": "sessionid", "value": session_of(self.person), "url": self.server.url}])
        context.add_init_script(WATCH)
        return self.tab(context)

    def tab(self, context: BrowserContext) -> Page:
        """Return a page of the area in a browser that is open."""
        page = context.new_page()
        page.on("console", self._hear)
        page.goto(self.area)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.text.startswith("CLAIM "):
            _claim, code, comment = message.text.split(" ", 2)
            self.claims.append((code, comment, self.versions(code).filter(comment=comment).exists()))

    def versions(self, code: str):
        return AnswerVersion.objects.filter(answer__submission=self.submission, answer__indicator__code=code)

    def stored(self, code: str) -> str | None:
        """Return the comment that the database holds."""
        return (
            Answer.objects.filter(submission=self.submission, indicator__code=code)
            .values_list("comment", flat=True)
            .first()
        )

    def saved(self, page: Page, code: str = "P1") -> None:
        """Wait until the page calls the answer saved."""
        expect(line(page, code)).to_contain_text("Saved")

    def verdict(self, drill: str, unsaved: str, told: str) -> None:
        """Check the claims against the database, and note the drill in the table."""
        assert self.claims, "no page claimed anything"
        assert all(stored for _code, _comment, stored in self.claims)
        rows.append((drill, f"{len(self.claims)} of {len(self.claims)} stored", unsaved, told))


def line(page: Page, code: str = "P1"):
    return page.locator(f"#i{code} .answer-state")


def comment(page: Page, code: str = "P1"):
    return page.locator(f'[name="i{code}-comment"]')


@pytest.fixture(scope="session")
def static_files() -> None:
    """What the server gives out: `make drills` has just collected it, for both databases at once."""
    collected = django_settings.STATIC_ROOT / "staticfiles.json"
    newest = max(file.stat().st_mtime for file in (ROOT / "static").rglob("*"))
    if not collected.exists() or collected.stat().st_mtime < newest:
        collect_static_files()


@pytest.fixture
def real_passwords(portal, settings) -> None:
    """Who signs in on the server needs a password as it keeps them, not the shortened one of the suite."""
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS


@pytest.fixture
def server(transactional_db, static_files, tmp_path):
    server = Server(tmp_path / "server.log")
    server.start()
    yield server
    server.kill()
    end_sessions()


@pytest.fixture
def portal_with(transactional_db, static_files, real_passwords, files, settings, tmp_path):
    """Return a function that starts the portal with these settings; the small edition is in use."""
    started = []

    def start(**environment: str) -> Portal:
        media = {"MEDIA_ROOT": settings.MEDIA_ROOT, "EMAIL_TIMEOUT": "1"}
        server = Server(tmp_path / "server.log", **(media | environment))
        started.append(portal := Portal(server, tmp_path / "worker.log"))
        server.start()
        return portal

    an_edition(HARBOUR)
    yield start
    for portal in started:
        portal.close()
    end_sessions()


@pytest.fixture
def mail_server():
    server = MailServer()
    yield server
    server.close()


@pytest.fixture
def scene(server, browser, real_passwords):  # noqa: F811
    expect.set_options(timeout=PATIENCE)
    an_edition(HARBOUR)
    submission = submission_at(State.DRAFT)
    scene = Scene(server, browser, submission, a_focal(submission.country))
    yield scene
    for context in scene.contexts:
        context.close()


def pytest_terminal_summary(terminalreporter) -> None:
    """Print the tables."""
    _print(terminalreporter, "loss drills", ("drill", "called saved", "not saved", "the person was told"), rows)
    _print(terminalreporter, "what breaks around the portal", ("drill", "the page said", "what was stored"), troubles)
    scores = ("page", "performance", "accessibility", "best practices", "SEO")
    _print(terminalreporter, "Lighthouse, median of five", scores, lighthouse)
    head = ("role", "database", "cases", "failures", "seconds")
    _print(terminalreporter, "what Schemathesis asked of the API", head, schemathesis)


def _print(terminalreporter, title: str, head: tuple[str, ...], table: list[tuple[str, ...]]) -> None:
    if not table:
        return
    widths = [max(len(row[column]) for row in [head, *table]) for column in range(len(head))]
    terminalreporter.section(title)
    for row in [head, tuple("-" * width for width in widths), *table]:
        terminalreporter.write_line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
