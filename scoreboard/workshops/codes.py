"""The codes that open a workshop on a phone: nine characters that nobody confuses, in three groups."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 and O, 1, I and L
LENGTH = 9  # 31 ** 9 codes: more than 44 random bits


def new() -> str:
    """Return a random code, such as "K7M-2QX-9RT"."""
    return _grouped("".join(secrets.choice(ALPHABET) for _character in range(LENGTH)))


def tidied(typed: str) -> str:
    """Return what somebody typed as a code is written; empty if it cannot be one."""
    characters = "".join(character for character in typed.upper() if character.isalnum())
    fits = len(characters) == LENGTH and set(characters) <= set(ALPHABET)
    return _grouped(characters) if fits else ""


def _grouped(characters: str) -> str:
    return "-".join(characters[start : start + 3] for start in range(0, LENGTH, 3))
