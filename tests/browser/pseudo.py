"""A pseudo-locale that is written from right to left: what it does not mark has missed gettext."""

import re
from pathlib import Path

import polib

CATALOGUE = Path(__file__).resolve().parents[2] / "locale/en/LC_MESSAGES/django.po"
LANGUAGE = "ar"  # any of the portal's languages that is written from right to left
OPEN, CLOSE = "⟦⟧"

# What a translator leaves as it stands: placeholders, tags and entities.
KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]+>|&\w+;)")
ACCENTED = str.maketrans("AEIOUYaeiouycns", "ÅÊÎÖÛÝåéîöüýçñš")


def write(folder: Path) -> None:
    """Write the catalogue's every string, accented and between marks, as a locale that LOCALE_PATHS can name."""
    catalogue = polib.pofile(str(CATALOGUE))
    catalogue.metadata["Language"] = LANGUAGE
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: pseudo(entry.msgid), 1: pseudo(entry.msgid_plural)}
        else:
            entry.msgstr = pseudo(entry.msgid)
    target = folder / LANGUAGE / "LC_MESSAGES"
    target.mkdir(parents=True)
    catalogue.save_as_mofile(str(target / "django.mo"))


def pseudo(text: str) -> str:
    """Return the text as the pseudo-locale has it."""
    parts = KEPT.split(text)
    parts[::2] = [part.translate(ACCENTED) for part in parts[::2]]
    return f"{OPEN}{''.join(parts)}{CLOSE}"
