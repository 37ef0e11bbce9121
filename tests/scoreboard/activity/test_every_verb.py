"""Every verb that writes leaves an entry: found by following its calls to `activity.record`, or named here."""

import ast
import importlib
import inspect
import pkgutil
from functools import cache
from pathlib import Path

import pytest

import reporting
import scoreboard
from scoreboard import activity
from scoreboard.models import Verb
from scoreboard.submissions import steps

# Public functions with `by` that leave no entry of their own, each with the reason.
WITHOUT_ENTRY = {
    "scoreboard.access.require_writing": "asks only",
    "scoreboard.access.require_entered": "asks only",
    "scoreboard.evidence.paper.require": "asks only",
    "scoreboard.submissions.claims.require_claimed": "asks only",
    "scoreboard.cycles.extension_requests.require": "asks only",
    "scoreboard.submissions.declining.require": "asks only",
    "scoreboard.cycles.mailings.extend": "`calendar.extend` or `correct_extension` for each country",
    "scoreboard.mail.outbox.write": "each Mail says to whom and why; the verb has its own entry",
    "scoreboard.people.invitations.lock_giver": "asks only",
    "scoreboard.people.anonymising.obstacle": "asks only",
    "scoreboard.submissions.workflow.require_available": "asks only",
    "scoreboard.submissions.on_behalf.require": "asks only",
    "scoreboard.submissions.reopening.require": "asks only",
    "scoreboard.threads.discussion.require_submitted": "asks only",
    "scoreboard.workshops.sessions.lock": "a part of each verb of a workshop",
    "scoreboard.submissions.answering.save_answers": "each AnswerVersion is its entry; the worker writes the rest",
    "scoreboard.submissions.answering.save_locked": "each AnswerVersion is its entry; the worker writes the rest",
    "scoreboard.plans.actions.require_reporter": "asks only",
    "scoreboard.people.roles.send_link": "a part of inviting, of sending again and of delegating",
    "scoreboard.threads.discussion.close_all": "a part of `accept`",
    "scoreboard.evidence.attaching.attach_suggested": "a part of `adopt`",
    "scoreboard.evidence.attaching.save_piece": "a part of adding and of suggesting",
    "scoreboard.mail.notifications.notify": "each Mail says to whom and why; the verb has its own entry",
    "scoreboard.mail.notifications.notify_person": "each Mail says to whom and why; the verb has its own entry",
    "scoreboard.earlier_rounds.comparing.again": "shows only",
    "scoreboard.earlier_rounds.comparing.compare": "shows only",
    "scoreboard.people.invitation_file.compare": "shows only",
    "scoreboard.network.discussions.lock": "a part of each verb of a discussion",
    "scoreboard.network.papers.require_author": "asks only",
    "scoreboard.network.spaces.lock_to_manage": "a part of each verb of a space",
    "scoreboard.network.spaces.lock_to_write": "a part of each verb of a space",
    "scoreboard.network.spaces.require_member": "asks only",
    "reporting.subscriptions.notices.published": "a part of `publish`",
    "reporting.subscriptions.notices.withdrawn": "a part of `withdraw`",
    "scoreboard.network.good_practice.notify": "each Mail says to whom and why; the verb has its own entry",
    "scoreboard.network.good_practice.side_offers": "asks only",
    "scoreboard.network.learning.require_side": "asks only",
    "scoreboard.network.resources.require_writer": "asks only",
    "scoreboard.people.invitations.notify_of_offer": "each Mail says to whom and why; the verb has its own entry",
}
RECORD = "scoreboard.activity.record"
# Where verbs are called, not made.
NOT_VERBS = (".views", ".admin", ".management", ".migrations", ".templatetags", ".demo")


@cache
def modules() -> dict[str, object]:
    found = {}
    for package in (scoreboard, reporting):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not any(part in f"{info.name}." for part in (f"{no}." for no in NOT_VERBS)):
                found[info.name] = importlib.import_module(info.name)
    return found


def functions(module) -> dict[str, object]:
    """The public functions that a module defines, by their full name; decorated ones are unwrapped."""
    found = {f"{module.__name__}.{name}": inspect.unwrap(one) for name, one in vars(module).items() if callable(one)}
    return {
        name: one
        for name, one in found.items()
        if inspect.isfunction(one) and one.__module__ == module.__name__ and not name.rsplit(".", 1)[1].startswith("_")
    }


def verbs() -> dict[str, object]:
    return {
        name: one
        for module in modules().values()
        for name, one in functions(module).items()
        if "by" in inspect.signature(one).parameters
    }


def calls(module) -> dict[str, set[str]]:
    """What each function and method of a module calls, by full name as far as the module itself says it."""
    tree = ast.parse(Path(module.__file__).read_text())
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            called = {_target(call.func, module, own) for call in ast.walk(node) if isinstance(call, ast.Call)}
            found.setdefault(f"{module.__name__}.{node.name}", set()).update(called)
    return found


def _target(func: ast.expr, module, own: set[str]) -> str:
    if isinstance(func, ast.Name):
        named = getattr(module, func.id, None)
        return f"{getattr(named, '__module__', module.__name__)}.{func.id}"
    if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
        owner = getattr(module, func.value.id, None)
        if inspect.ismodule(owner):
            one = getattr(owner, func.attr, None)
            return f"{getattr(one, '__module__', owner.__name__)}.{func.attr}"
    return f"{module.__name__}.{func.attr}" if isinstance(func, ast.Attribute) and func.attr in own else ""


@cache
def recording() -> frozenset[str]:
    """The functions from which calls lead to `activity.record`."""
    graph = {name: called for module in modules().values() for name, called in calls(module).items()}
    found = {RECORD}
    while more := {name for name, called in graph.items() if called & found} - found:
        found |= more
    return frozenset(found)


@pytest.mark.parametrize("name", sorted(set(verbs()) - {RECORD}))
def test_a_verb_leaves_an_entry_or_says_why_not(name):
    assert (name in recording()) != (name in WITHOUT_ENTRY), (
        f"{name} takes `by`: let it call activity.record, or give the reason in WITHOUT_ENTRY, but not both."
    )


def test_the_table_names_verbs_that_there_are():
    assert set(WITHOUT_ENTRY) - set(verbs()) == set()
    assert RECORD in verbs()
    assert len(verbs()) > 50


# Modules outside the packages of verbs that write entries.
OTHERS = (
    "mikt.accounts.adapter",
    "scoreboard.admin.common",
    "scoreboard.middleware",
    "scoreboard.views.activity",
    "scoreboard.views.evidence",
)


def test_each_verb_of_the_list_is_used():
    used = {*steps.STEPS, *steps.FACTS}
    for module in [*modules().values(), *map(importlib.import_module, OTHERS)]:
        tree = ast.parse(Path(module.__file__).read_text())
        named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        used |= {Verb[name].value for name in named & set(Verb.names)}
    assert set(Verb.values) == used


def test_each_step_and_fact_of_a_submission_is_in_the_list():
    assert {*steps.STEPS, *steps.FACTS} <= set(Verb.values)
    assert activity.record.__module__ == "scoreboard.activity"
