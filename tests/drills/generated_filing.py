"""Files a whole submission through a generated client and nothing else, and prints what it read; a drill runs it.

PYTHONPATH=(the folder of portal_client) generated_filing.py ADDRESS TOKEN FILE
"""

import json
import sys
from io import BytesIO
from pathlib import Path

from portal_client import AuthenticatedClient
from portal_client.api.cycles import cycles_retrieve
from portal_client.api.editions import editions_retrieve
from portal_client.api.submissions import (
    submissions_answers_evidence_create,
    submissions_answers_retrieve,
    submissions_answers_update,
    submissions_check_retrieve,
    submissions_evidence_retrieve,
    submissions_list,
    submissions_receipt_retrieve,
    submissions_retrieve,
    submissions_submit_create,
)
from portal_client.models import (
    AnswerGivenRequest,
    AnswerGivenRequestFiguresItem,
    AnswerKind,
    DeclarationRequest,
    EditionFileColumnKind,
    EditionFileIndicator,
    LinkRequest,
    PieceRequest,
    Problem,
    SubmissionsListState,
)
from portal_client.types import UNSET, File

VALUES = {
    EditionFileColumnKind.YEAR: 2020,
    EditionFileColumnKind.INTEGER: 3,
    EditionFileColumnKind.DECIMAL: "1.5",
    EditionFileColumnKind.YES_NO: True,
    EditionFileColumnKind.SPECIES: "Some mussel",
    EditionFileColumnKind.TEXT: "Seen twice.",
}


def answer(indicator: EditionFileIndicator, language: str) -> AnswerGivenRequest:
    """Return the highest level with the question as comment, and one row of its data form if it has one."""
    rows = UNSET
    if indicator.data_form:
        columns = indicator.data_form.columns
        row = {one.code: one.choices[0].code if one.choices else VALUES[one.kind] for one in columns}
        rows = [AnswerGivenRequestFiguresItem.from_dict(row)]
    level, comment = indicator.levels[-1].value, indicator.title[language]
    return AnswerGivenRequest(kind=AnswerKind.LEVEL, level=level, comment=comment, figures=rows)


def attach(client: AuthenticatedClient, number: int, first: str, second: str, path: Path) -> bytes:
    """Attach the file to one answer and an address to another; return the file as it is read again."""
    file = File(BytesIO(path.read_bytes()), path.name, "application/pdf")
    attaching = submissions_answers_evidence_create.sync
    piece = attaching(number, first, client=client, body=PieceRequest(file=file))
    attaching(number, second, client=client, body=LinkRequest("https://example.org/law", "The law"))
    return submissions_evidence_retrieve.sync(number, piece.id, client=client).payload.read()


def main(address: str, token: str, path: str) -> None:
    """File the one submission that is a draft."""
    client = AuthenticatedClient(address, token, raise_on_unexpected_status=True)
    [found] = submissions_list.sync(client=client, state=SubmissionsListState.DRAFT).results
    cycle = cycles_retrieve.sync(found.cycle, client=client)
    edition = editions_retrieve.sync(cycle.edition, client=client)
    asked = [indicator for area in edition.areas for indicator in area.indicators]
    before = submissions_check_retrieve.sync(found.id, client=client)
    for indicator in asked:
        read = submissions_answers_retrieve.sync_detailed(found.id, indicator.code, client=client)
        given = answer(indicator, edition.languages[0])
        tag = read.headers["ETag"]
        submissions_answers_update.sync(found.id, indicator.code, client=client, body=given, if_match=tag)
    late = AnswerGivenRequest(kind=AnswerKind.UNKNOWN)
    stale = submissions_answers_update.sync(found.id, asked[0].code, client=client, body=late, if_match=tag)
    content = attach(client, found.id, asked[0].code, asked[1].code, Path(path))
    check = submissions_check_retrieve.sync(found.id, client=client)
    declared = DeclarationRequest("A. Name", "Head of unit", [doubt.key for doubt in check.doubts])
    whole = submissions_retrieve.sync_detailed(found.id, client=client)
    done = submissions_submit_create.sync(found.id, client=client, body=declared, if_match=whole.headers["ETag"])
    receipt = submissions_receipt_retrieve.sync(found.id, client=client)
    print(
        json.dumps(
            {
                "gaps": [gap.indicator for gap in before.gaps],
                "stale": [isinstance(stale, Problem), stale.status],
                "content": content.hex(),
                "complete": check.complete,
                "state": done.state.value,
                "answers": [one.to_dict() for one in done.answers],
                "receipt": receipt.to_dict(),
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
