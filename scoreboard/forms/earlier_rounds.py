"""Forms of earlier rounds: the file with what it does not say itself, and what unknown names of countries stand for."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard import clock
from scoreboard.earlier_rounds import comparing
from scoreboard.earlier_rounds.gathering import Choices
from scoreboard.forms.typed_text import Form
from scoreboard.models import Country, Cycle

FILE, DAY, NOT_RECORDED = "file", "day", "not_recorded"


class FileForm(Form):
    """A file of earlier results."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel workbook (.xlsx), at most 3 MB, and 20,000 rows in a table."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
        error_messages={"required": _("Choose the file first."), "empty": _("The file is empty.")},
    )
    cycle = forms.ModelChoiceField(
        Cycle.objects.none(),
        label=_("Cycle"),
        required=False,
        empty_label=_("As the column “cycle” says"),
        help_text=_("For rows that name none. Only cycles that are over are listed."),
        to_field_name="code",
    )
    dates = forms.ChoiceField(
        label=_("When the answers were submitted"),
        choices=[
            (FILE, _("The file says it in each row")),
            (DAY, _("Where it does not say it: on this day")),
            (NOT_RECORDED, _("Where it does not say it: not recorded")),
        ],
        initial=FILE,
        widget=forms.RadioSelect,
    )
    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Type a date such as 2018-03-31.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.over = Cycle.objects.filter(closes__lt=clock.today()).order_by("-opens", "code")
        field = self.fields["cycle"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - the class says so
        field.queryset = self.over

    def clean(self) -> dict[str, Any]:
        """Ask for the day where one is to count."""
        given = super().clean() or self.cleaned_data
        if given.get("dates") == DAY and not given.get("day") and "day" not in self.errors:
            self.add_error("day", _("Choose the day."))
        return given

    @property
    def choices(self) -> Choices:
        """What the file does not say itself."""
        given = self.cleaned_data
        day = given["day"] if given["dates"] == DAY else None
        return Choices(given["cycle"], day, given["dates"] == NOT_RECORDED)


class NamesForm(Form):
    """Which countries the unknown names of a file stand for, of those that somebody chooses."""

    def __init__(self, data: Any, *, names: Iterable[str]) -> None:
        super().__init__(data)
        self.names = list(names)
        options = [("", _("Choose a country")), *((str(one.pk), str(one)) for one in comparing.countries())]
        for n, name in enumerate(self.names):
            self.fields[f"name_{n}"] = forms.ChoiceField(label=name, choices=options, required=False)

    @property
    def chosen(self) -> dict[str, Country]:
        """The names for which a country is chosen."""
        given = {name: self.cleaned_data.get(f"name_{n}") for n, name in enumerate(self.names)}
        countries = Country.objects.in_bulk([int(pk) for pk in given.values() if pk])
        return {name: countries[int(pk)] for name, pk in given.items() if pk}
