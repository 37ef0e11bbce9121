"""What a portal holds, counted and hashed, so that a restored copy can be compared with the portal it came from."""

from typing import Any

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from reporting import file_checks
from reporting.models import Assessment, Product
from scoreboard.activity import verification


def of_database() -> dict[str, Any]:
    """Return how many rows each table has, the migrations, the activity log's chains and the digests of results."""
    chains = verification.check()
    return {
        "tables": dict(_rows()),
        "migrations": sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()),
        "activity": {
            "entries": chains.entries,
            "blocks": chains.blocks,
            "heads": {
                "rehearsals" if rehearsal else "main": f"{block.number}:{block.seal}"
                for rehearsal, block in chains.heads.items()
            },
            "problems": len(chains.problems),
        },
        "published": {
            str(pk): digest
            for pk, digest in Assessment._base_manager.exclude(snapshot_sha256="").values_list("pk", "snapshot_sha256")
        },
        "products": {str(pk): digest for pk, digest in Product._base_manager.values_list("pk", "sha256")},
    }


def faults_of_files() -> list[str]:
    """Return a line for each stored file that is missing, unreadable or changed, for the folder of the settings."""
    return [f"{one.file.name}: {found}" for one in file_checks.stored() if (found := one.fault)]


def differences(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Return a line for each part that is not equal, naming tables, digests and heads one by one."""
    lines = []
    for part, wanted in expected.items():
        got = found.get(part)
        if wanted == got:
            continue
        if isinstance(wanted, dict) and isinstance(got, dict):
            names = sorted(wanted.keys() | got.keys())
            lines += [
                f"{part} {name}: {wanted.get(name)} when backed up, {got.get(name)} restored"
                for name in names
                if wanted.get(name) != got.get(name)
            ]
        else:
            lines.append(f"{part}: {wanted} when backed up, {got} restored")
    return lines


def _rows() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        found = []
        for name in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608 - a table's own name
            found.append((name, cursor.fetchone()[0]))
        return found
