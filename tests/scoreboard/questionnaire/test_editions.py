"""Edition files in and out, what is wrong with wrong ones, and what an edition in use refuses."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreboard.models import Edition, EditionChange, Indicator, Level, State
from scoreboard.questionnaire import file, importing
from scoreboard.questionnaire.file import EditionError
from scoreboard.questionnaire.schema import SCHEMA, SENTENCES
from scoreboard.submissions import versions, workflow
from tests import factories

BROKEN = factories.ROOT / "tests/editions/broken"
FORMS = ["yaml", "json"]
FILES = [factories.SCOREBOARD, factories.HARBOUR]

FIRST = "areas[0].indicators[0]"
TEXT = "Give a text that is not empty and has no control characters; found"
CODES_WHEN_NOT_NEW = "An indicator names codes of the edition before exactly when it is not new."

# What the portal says of each file in tests/editions/broken.
FAULTS = {
    "alias.yaml": ["line 25, column 30: Write the text out; “*no” refers to another place."],
    "block-as-key.yaml": ["line 11, column 11: A key must be a text."],
    "choice-without-choices.yaml": [
        f"{FIRST}.data_form.columns[0].choices: A column lists choices exactly when its kind is choice."
    ],
    "control-character.yaml": [f'{FIRST}.levels[1].text.en: {TEXT} "Yes.\\u0000".'],
    "data-form-check-of-no-numbers.yaml": [
        f"{FIRST}.data_form.checks[0].columns: The table has no column of numbers “{code}”."
        for code in ("convictions", "year")
    ],
    "data-form-duplicate-column.yaml": [
        f"{FIRST}.data_form.columns[1].code: The code “year” is already at {FIRST}.data_form.columns[0].code."
    ],
    "date-as-year.yaml": ['year: Give a whole number; found "2026-01-01".'],
    "duplicate-area-code.yaml": ["areas[1].code: The code “P” is already at areas[0].code."],
    "duplicate-indicator-code.yaml": [f"areas[0].indicators[1].code: The code “P1” is already at {FIRST}.code."],
    "duplicate-key.json": ["file: The key “code” is in the same block twice."],
    "duplicate-key.yaml": ["line 16, column 5: The key “introduction” is in the same block twice."],
    "empty-text.yaml": [
        f"{FIRST}.title: Give the text, in each language.",
        f'areas[0].title.en: {TEXT} " ".',
    ],
    "empty.yaml": ["file: Give a block of keys; found nothing."],
    "extra-language.yaml": [f"{FIRST}.title: There is a text in “no”, which `languages` does not list."],
    "ladder-with-gap.yaml": [f"{FIRST}.levels: The levels must rise by one without a gap; found 0, 2."],
    "latin-1.yaml": ["file: It is not text in UTF-8; save it in that encoding."],
    "missing-keys.yaml": [
        "file: The key “short_title” is missing.",
        f"{FIRST}.levels[1]: The key “text” is missing.",
    ],
    "missing-translation.yaml": [f"{FIRST}.title: The translation into “fr” is missing."],
    "new-with-source.yaml": [f"{FIRST}.from: {CODES_WHEN_NOT_NEW}"],
    "no-areas.yaml": ["areas: List at least 1."],
    "labels-alike.yaml": [
        "areas[3].code: “Areas” is what the chapters of a report call all areas together; choose another code.",
        "areas[0].indicators[0].code: It would be called “a1”, and so is what is at areas[1].code already.",
        "areas[2].indicators[1].code: "
        "It would be called “2.23”, and so is what is at areas[2].indicators[0].code already.",
        "areas[3].indicators[0].code: "
        "The code “x” differs only in small letters from the one at areas[1].indicators[0].code.",
        "areas[0].from: This needs an edition before; name it in `previous`.",
    ],
    "non-string-code.yaml": [f"{FIRST}.code: Give a text, in quotation marks if it looks like a number; found 1."],
    "not-a-block.yaml": ["file: Give a block of keys; found a list."],
    "not-a-number.json": [
        f"{FIRST}.levels[1].value: Give a whole number; found true.",
        'year: Give a whole number; found "NaN".',
    ],
    "not-json.json": ["line 2, column 15: This is neither YAML nor JSON: expected the node content, but found ','."],
    "not-yaml.yaml": ["line 4, column 1: This is neither YAML nor JSON: expected ',' or '}', but got '<stream end>'."],
    "numbers.yaml": [
        f'{FIRST}.levels[0].value: Give a whole number; found "0.0".',
        f'{FIRST}.levels[1].value: Give a whole number; found "99999999999999999999999999".',
        "year: Give a whole number from 1900 to 2200; found 20261.",
    ],
    "one-level.yaml": [f"{FIRST}.levels: List at least 2."],
    "own-previous.yaml": ["previous: An edition does not come after itself."],
    "provisional-without-note.yaml": ["provisional_note: Say why the wording is provisional."],
    "relation-without-edition.yaml": [f"{FIRST}.relation: “same” needs an edition before; name it in `previous`."],
    "same-from-two.yaml": [f"{FIRST}.from: An indicator that is the same has one code in the edition before."],
    "tag.yaml": ["line 4, column 7: Leave out the tag “!!python/int”."],
    "unknown-key.yaml": [
        f"{FIRST}: There is no key “weight” here; there are: "
        "code, title, short_title, measures, guidance, relation, from, not_applicable, levels, data_form."
    ],
    "unknown-objective-code.yaml": [
        "objectives[1].code: The code “1” is already at objectives[0].code.",
        "objectives[0].areas: The edition has no code “Q”.",
        "objectives[0].indicators: The edition has no code “Q9”.",
    ],
    "unknown-indicator-of-plans.yaml": ["action_plans.indicator: The edition has no code “P9”."],
    "unknown-level-of-plans.yaml": [
        "action_plans.level: This is no level of the indicator. Choose one of its ladder.",
    ],
    "unknown-previous.yaml": ["previous: Import the edition “nowhere” first."],
    "unknown-relation-source.yaml": [f"{FIRST}.from: The edition harbour-1 has no indicator “Z9”."],
    "unknown-area-source.yaml": ["areas[0].from: The edition harbour-1 has no area “Z”."],
    "area-source-without-indicator.yaml": [
        "areas[0].from: No indicator of this area comes from area “Q” of the edition harbour-1."
    ],
    "code-of-full-stops.yaml": [
        'areas[0].code: Give at most 10 letters, digits and full stops, not full stops alone; found "..".'
    ],
    "unknown-relation.yaml": [f"{FIRST}.relation: Choose one of: same, revised, split, new."],
    "wrong-codes.yaml": [
        f'{FIRST}.code: Give at most 10 letters, digits and full stops, not full stops alone; found "P/1".',
        'code: Give at most 40 small letters, digits and hyphens; found "Broken edition".',
    ],
    "wrong-format-version.yaml": ["format: This portal reads format 1 and no other."],
    "wrong-language.yaml": [
        "languages: Each may be in the list only once.",
        'languages[0]: Give a language code in small letters, such as fr or pt-br; found "English".',
        'languages[1]: Give a language code in small letters, such as fr or pt-br; found "English".',
    ],
}


def read(path):
    return file.read_edition(path.read_bytes())


@pytest.fixture(scope="module")
def scoreboard():
    """The Scoreboard's document, for tests that change their own copy."""
    return read(factories.SCOREBOARD)


class TestWrongFiles:
    def test_every_wrong_file_has_its_sentence(self):
        assert sorted(FAULTS) == sorted(path.name for path in BROKEN.iterdir())

    @pytest.mark.parametrize("name", FAULTS)
    def test_says_what_is_wrong_and_where_and_stores_nothing(self, name, db):
        importing.import_edition(read(factories.HARBOUR))
        with pytest.raises(EditionError) as caught:
            importing.import_edition(read(BROKEN / name))
        assert caught.value.problems == FAULTS[name]
        assert list(Edition.objects.values_list("code", flat=True)) == ["harbour-1"]

    def test_every_keyword_of_the_schema_has_its_sentence(self):
        def keywords(part):
            if isinstance(part, list):
                return {word for one in part for word in keywords(one)}
            if not isinstance(part, dict):
                return set()
            named = {"properties", "$defs"}
            return {*part} - named | {
                word
                for key, value in part.items()
                for one in (value.values() if key in named else [value])
                for word in keywords(one)
            }

        silent = {"$schema", "$ref", "title", "description", "items"}
        assert keywords(json.loads(SCHEMA.read_text())) - silent == set(SENTENCES)

    def test_refuses_what_is_too_big_or_too_deep(self):
        for content in (b"# " + b"x" * 2_000_000, b"[" * 100_000, b'{"a":' * 100_000):
            with pytest.raises(EditionError):
                file.read_edition(content)

    def test_a_line_break_does_not_hide_behind_a_code(self, scoreboard):
        document = {**scoreboard, "code": "scoreboard-2017\n"}
        found = 'found "scoreboard-2017\\n".'
        looks = "Give at most 40 small letters, digits and hyphens"
        assert file.check(document) == [f"code: {looks}; {found}"]

    def test_norwegian_is_a_language(self):
        assert file.parse(b"languages: [no]\ntitle: {no: ja, on: 2026-01-01}") == {
            "languages": ["no"],
            "title": {"no": "ja", "on": "2026-01-01"},
        }


class TestRoundTrip:
    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_export_gives_back_what_was_imported(self, path, form, db):
        edition, changes = importing.import_edition(read(path))
        assert changes == [importing.Difference("file")]
        written = file.write(importing.export(edition), form).encode()
        again, changes = importing.import_edition(file.read_edition(written))
        assert (again, changes) == (edition, [])
        assert importing.export(again) == file.read_edition(written)
        assert EditionChange.objects.count() == 1

    @settings(max_examples=60, deadline=None)
    @given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t")), st.sampled_from(FORMS))
    def test_any_text_comes_back(self, text, form):
        assert file.parse(file.write({text: [text]}, form).encode()) == {text: [text]}

    def test_json_from_elsewhere_is_read_too(self, scoreboard):
        ascii_only = json.dumps(scoreboard, indent="\t").encode()
        assert file.read_edition(ascii_only) == scoreboard

    def test_import_costs_the_same_for_any_size(self, db, scoreboard, django_assert_max_num_queries):
        with django_assert_max_num_queries(25):
            importing.import_edition(scoreboard)

    def test_an_edition_knows_the_one_before(self, db):
        before, _changes = importing.import_edition(read(factories.HARBOUR))
        after, _changes = importing.import_edition(read(factories.HARBOUR_NEXT))
        assert after.previous == before
        relations = after.indicators.values_list("relation", flat=True)
        assert set(relations) == {"same", "revised", "split", "new"}


class TestChanges:
    @pytest.fixture
    def document(self, scoreboard):
        return copy.deepcopy(scoreboard)

    def test_an_unused_edition_changes_in_any_way(self, db, document):
        edition, _changes = importing.import_edition(document)
        kept = Indicator.objects.get(edition=edition, code="28")
        gone = document["areas"].pop(0)
        document["objectives"] = []
        document["areas"][-1]["indicators"].reverse()
        again, changes = importing.import_edition(document)
        assert [change.place for change in changes] == ["areas", "objectives"]
        assert importing.preview(document) == (again, [])
        assert not again.areas.filter(code=gone["code"]).exists()
        assert again.indicators.filter(pk=kept.pk).exists()

    def test_an_edition_keeps_the_codes_that_the_next_comes_from(self, db):
        document = read(factories.HARBOUR)
        importing.import_edition(document)
        importing.import_edition(read(factories.HARBOUR_NEXT))
        sources = {code for i in Indicator.objects.filter(edition__code="harbour-2") for code in i.sources}
        for area in document["areas"]:
            area["indicators"] = [part for part in area["indicators"] if part["code"] not in sources]
        document["areas"] = [area for area in document["areas"] if area["indicators"]]
        with pytest.raises(EditionError, match="is gone, but indicator"):
            importing.import_edition(document)

    def test_editions_do_not_follow_each_other_in_a_circle(self, db):
        document = read(factories.HARBOUR)
        importing.import_edition(document)
        importing.import_edition(read(factories.HARBOUR_NEXT))
        with pytest.raises(EditionError) as caught:
            importing.import_edition({**document, "previous": "harbour-2"})
        assert caught.value.problems == ["previous: The edition “harbour-2” comes after this one already."]

    @pytest.mark.parametrize(
        ("change", "place"),
        [
            (lambda d: d.update(year=2018), "year"),
            (lambda d: d["areas"].reverse(), "areas[0].code"),
            (lambda d: d["areas"].pop(), "areas"),
            (lambda d: d["areas"][0]["indicators"][0].update(code="99"), f"{FIRST}.code"),
            (lambda d: d["areas"][0]["indicators"][0]["levels"].pop(), f"{FIRST}.levels"),
            (lambda d: d["areas"][0]["indicators"][1]["data_form"]["columns"].pop(), None),
            (lambda d: d["objectives"].pop(), "objectives"),
        ],
    )
    def test_an_edition_in_use_keeps_its_structure(self, cycle, document, change, place):
        place = place or "areas[0].indicators[1].data_form.columns"
        before = importing.export(cycle.edition)
        change(document)
        for attempt in (importing.preview, importing.import_edition):
            with pytest.raises(EditionError) as caught:
                attempt(document)
            sentence = "The edition is in use by cycle 2026, so its structure cannot change."
            assert f"{place}: {sentence}" in caught.value.problems
        assert importing.export(Edition.objects.get()) == before

    def test_provisional_wording_may_be_replaced_and_is_logged(self, cycle, officer, document):
        level = document["areas"][0]["indicators"][0]["levels"][1]
        old, level["text"] = level["text"], {"en": "As the official annex has it."}
        change = importing.Difference(f"{FIRST}.levels[1].text", old, level["text"])
        assert importing.preview(document) == (cycle.edition, [change])
        assert not Level.objects.filter(text__contains="official annex").exists()
        edition, changes = importing.import_edition(document, by=officer)
        assert changes == [change]
        logged = edition.changes.first()
        assert (logged.by, logged.places) == (officer, [change._asdict()])
        assert str(edition.indicators.first().ladder[1].text) == "As the official annex has it."

    def test_the_indicator_on_action_plans_can_be_named_later(self, cycle, document):
        Edition.objects.update(provisional=False, action_plans={})
        document |= {"provisional": False}
        edition, changes = importing.import_edition(document)
        assert [change.place for change in changes] == ["action_plans"]
        assert edition.action_plans == {"indicator": "14", "level": 2}

    def test_final_wording_stays(self, cycle, document):
        document["provisional"] = False
        importing.import_edition(document)
        document["areas"][0]["title"] = {"en": "Another title"}
        with pytest.raises(EditionError) as caught:
            importing.import_edition(document)
        assert caught.value.problems == [
            "areas[0].title: The edition is in use by cycle 2026 and its wording is final. "
            "Import the change as a new edition, with a code of its own."
        ]

    def test_what_was_submitted_keeps_the_text_it_answered(self, db, document):
        submission = factories.submission_at(State.SUBMITTED)
        first = submission.versions.get().answers[0]
        rung = first["level"]
        indicator = document["areas"][0]["indicators"][0]
        assert (first["title"], first["level_text"]) == (indicator["title"], indicator["levels"][rung]["text"])
        indicator["title"] = {"en": "Another title"}
        indicator["levels"][rung]["text"] = {"en": "Another text."}
        importing.import_edition(document)
        assert submission.versions.get().answers[0] == first
        assert submission.versions.get().digest == versions.digest(submission.versions.get().answers)
        workflow.accept(submission, by=factories.an_officer(), version=submission.versions.count())
        submission.refresh_from_db()
        assert submission.accepted_version.answers[0] == first
        assert str(submission.answers.first().level.text) == "Another text."
