"""How an indicator is called: its code with its area's before it."""


def label(area: str, code: str) -> str:
    """Return what people call the indicator `code` of an area: "B7"; a code that begins with its area's stays as it is.

    Between two numbers stands a full stop: in area 2, indicator 3 is 2.3 and indicator 23 is 2.23.
    """
    rest = code.removeprefix(area)
    if rest and rest != code and not (area[-1].isdigit() and rest[0].isdigit()):
        return code
    return f"{area}.{code}" if area[-1].isdigit() and code[0].isdigit() else f"{area}{code}"
