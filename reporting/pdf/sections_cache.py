"""Typeset sections are cached, so that a new issue typesets only what has changed, and a killed build goes on."""

from datetime import timedelta

from django.core.files.base import ContentFile

from reporting.models import RenderedSection
from reporting.pdf import joining
from scoreboard import clock

UNUSED_FOR = timedelta(days=60)


class Sections:
    """Sections by the hash of all that they are made from, in the database and the private files."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def __contains__(self, key: str) -> bool:
        row = RenderedSection.objects.filter(key=key).first()
        if row and not row.file.storage.exists(str(row.file)):  # a database restored without its files
            row.delete()
            return False
        if row:
            self._used.add(key)
        return row is not None

    def __getitem__(self, key: str) -> bytes:
        with RenderedSection.objects.get(key=key).file.open("rb") as file:
            content: bytes = file.read()
        return content

    def __setitem__(self, key: str, content: bytes) -> None:
        made = {"file": ContentFile(content, name=f"{key}.pdf"), "pages": joining.look(content).pages}
        RenderedSection.objects.get_or_create(key=key, defaults=made | {"made_at": clock.now()})
        self._used.add(key)

    def tidy(self) -> None:
        """Record what was used, and delete what nobody used for long."""
        now = clock.now()
        RenderedSection.objects.filter(key__in=self._used).update(used_at=now)
        for row in RenderedSection.objects.filter(used_at__lt=now - UNUSED_FOR):
            row.file.storage.delete(str(row.file))
            row.delete()
