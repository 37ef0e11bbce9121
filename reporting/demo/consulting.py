"""The consultation on the example draft: opened by an officer; of two comments of a country one is answered."""

from datetime import timedelta

from reporting.consultation import commenting, opening, preparing
from reporting.demo.cast import Cast
from reporting.demo.material import Material
from reporting.models import Assessment, CountryComment

DAYS = 21  # for which it is open


def consult(assessment: Assessment, material: Material, cast: Cast) -> None:
    """Open a consultation on a built draft; the first country that reported has a passage and comments twice."""
    build = preparing.prepare(assessment, by=cast.analyst)
    reported = [country["iso2"] for country in build.snapshot["countries"]]
    if written := build.passages.filter(chapter="area-B").last():
        preparing.assign(written, reported[:1], by=cast.analyst)
    until = assessment.cycle.day() + timedelta(days=DAYS)
    opening.open_consultation(build.consultation, until=until, build=build.number, by=cast.officer)
    submission = assessment.cycle.submissions.select_related("country").get(country__iso2=reported[0])
    area = build.snapshot["edition"]["areas"][0]["code"]
    said, answered = material["consultation"]
    focal = cast.focal(submission.country)
    commenting.comment(build, submission, said, by=focal, about=f"area-{area}", asks_correction=True)
    first = commenting.comment(build, submission, answered["comment"], by=focal, may_be_printed=True)
    commenting.answer(first, answered["answer"], outcome=CountryComment.Outcome.UNCHANGED, by=cast.analyst)
