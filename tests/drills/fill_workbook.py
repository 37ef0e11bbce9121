"""Fill cells of a workbook in LibreOffice, as a person would; run by the system's Python, which has its bridge.

Usage: fill_workbook.py workbook.xlsx filled.xlsx '[["P1", "comment", "Text"], …]'
"""

import json
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

AREA = "mikt-area"


def main(source: str, target: str, edits: str) -> None:
    """Open the file, fill the cells, save it under another name."""
    pipe = f"workbook{uuid.uuid4().hex}"
    with tempfile.TemporaryDirectory() as profile:
        office = subprocess.Popen(
            [
                "soffice",
                "--headless",
                "--norestore",
                f"-env:UserInstallation={Path(profile).as_uri()}",
                f"--accept=pipe,name={pipe};urp;",
            ]
        )
        try:
            desktop = connected(pipe)
            document = desktop.loadComponentFromURL(Path(source).as_uri(), "_blank", 0, (option("Hidden", True),))
            for code, part, text in json.loads(edits):
                fill(document, code, part, text)
            document.storeToURL(Path(target).as_uri(), (option("FilterName", "Calc MS Excel 2007 XML"),))
            document.close(True)
            desktop.terminate()
            office.wait(30)
        finally:
            office.kill()
            office.wait()


def connected(pipe: str):
    """Return the desktop as soon as it answers."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _attempt in range(240):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except NoConnectException:
            time.sleep(0.5)
    raise SystemExit("LibreOffice did not start within two minutes.")


def option(name: str, value: object) -> PropertyValue:
    """Return an option of loading or storing."""
    found = PropertyValue()
    found.Name, found.Value = name, value
    return found


def fill(document, code: str, part: str, text: str) -> None:
    """Type `text` into the cell of an indicator's part."""
    for sheet in document.Sheets:
        if sheet.getCellByPosition(0, 0).String != AREA:
            continue
        column = next(n for n in range(2, 16) if sheet.getCellByPosition(n, 0).String == part)
        for row in range(1, 200):
            if sheet.getCellByPosition(0, row).String == code:
                sheet.getCellByPosition(column, row).setString(text)
                return
    raise SystemExit(f"There is no cell for {code} {part}.")


main(*sys.argv[1:])
