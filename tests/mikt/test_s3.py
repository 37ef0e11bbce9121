"""The private files in a bucket: the same roads as with a folder; without the store, sentences, and answers saved."""

import io
import tarfile
from io import StringIO

import boto3
import pytest
from django.apps import apps
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection, models
from moto.server import ThreadedMotoServer

from mikt.operations import archives, backups, databases, doctor
from reporting import file_checks
from reporting.models import Paper
from reporting.pdf import assessment as pdf
from reporting.pdf import processes, single
from scoreboard.models import Answer, Evidence, FileWalk
from scoreboard.stored_files import NoAnswer
from tests.pages import Page
from tests.scoreboard.evidence.test_attaching import PDF, a_file, url

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "postgresql", reason="Runs on SQLite: no database has a part in it."),
]

KEYS = {"AWS_ACCESS_KEY_ID": "portal", "AWS_SECRET_ACCESS_KEY": "secret"}
GONE = "The store of files does not answer. Try again later, or tell the administrator."


@pytest.fixture(scope="module")
def store():
    """A server that speaks S3."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def use(settings, monkeypatch):
    """Return a function that lets the portal store its files in a bucket at an address, as the settings do."""

    def use(bucket: str, address: str) -> None:
        place = {"S3_BUCKET": bucket, "S3_ENDPOINT": address}
        for name, value in (KEYS | place).items():
            monkeypatch.setenv(name, value)
        settings.S3_BUCKET, settings.S3_ENDPOINT = bucket, address
        options = {"bucket_name": bucket, "endpoint_url": address, "region_name": None, "tries": 1}
        backend = {"BACKEND": "mikt.s3.Bucket", "OPTIONS": options}
        quick = backend | {"OPTIONS": options | {"seconds": 1}}
        settings.STORAGES = settings.STORAGES | {"default": backend, "health": quick}
        for model in apps.get_models():
            for field in model._meta.get_fields():
                if isinstance(field, models.FileField):  # whose storage is chosen when the portal starts
                    monkeypatch.setattr(field, "storage", storages["default"])

    return use


@pytest.fixture
def bucket(store, use, request):
    """A bucket of the test's own, which the portal uses."""
    name = f"portal-{abs(hash(request.node.name)) % 10**8}"
    use(name, store)
    found = boto3.resource("s3", endpoint_url=store).Bucket(name)
    found.create()
    return found


@pytest.fixture
def away(use):
    """Return a function that takes the store away: nothing listens at its address any more."""
    return lambda: use("portal", "http://127.0.0.1:9")


def names(bucket) -> list[str]:
    return sorted(one.key for one in bucket.objects.all())


def attached(client, draft) -> Evidence:
    client.post(url(draft), {"files": [a_file()]})
    return Evidence.objects.get()


def test_a_file_goes_into_the_bucket_and_comes_out_through_the_portal(bucket, draft, focal, greece, sign_in):
    client = sign_in(focal)
    piece = attached(client, draft)
    assert names(bucket) == [piece.file.name]
    assert bucket.Object(piece.file.name).get()["Body"].read() == PDF
    path = f"/submissions/{draft.pk}/files/{piece.pk}/"
    served = client.get(path)
    assert (served.status_code, served.getvalue(), served["Content-Length"]) == (200, PDF, str(len(PDF)))
    assert (served["X-Content-Type-Options"], "sandbox" in served["Content-Security-Policy"]) == ("nosniff", True)
    assert file_checks.walk().faults == []
    bucket.Object(piece.file.name).put(Body=b"%PDF-1.7 another")
    refused = client.get(path)
    assert refused.status_code == 409
    assert "is not the one that was stored, and is not given out" in Page(refused).text
    bucket.Object(piece.file.name).delete()
    assert "is missing from the store" in Page(client.get(path)).text
    with pytest.raises(CommandError, match="1 of 1 stored files are not as they were stored"):
        call_command("check_files", stdout=StringIO())


def test_a_file_larger_than_memory_is_read_twice_and_a_name_is_never_used_twice(bucket):
    storage, content = storages["default"], b"0123456789" * 900_000
    first, second = (storage.save("evidence/a.bin", io.BytesIO(part)) for part in (content, b"second"))
    assert first == "evidence/a.bin" != second
    with storage.open(first) as file:
        assert file.read() == content
    assert file.open().read() == content
    file.close()
    assert (storage.size(first), storage.exists(first), storage.exists("evidence/b.bin")) == (9_000_000, True, False)
    with pytest.raises(FileNotFoundError):
        storage.open("evidence/b.bin")
    assert storage.listdir("") == (["evidence"], [])
    storage.delete(first)
    storage.delete(first)
    assert names(bucket) == [second]


def test_a_backup_holds_the_bucket_and_is_restored_into_an_empty_one(bucket, draft, focal, sign_in, tmp_path, use):
    piece = attached(sign_in(focal), draft)
    storages["default"].save("papers/remade.pdf", io.BytesIO(b"%PDF"))
    archive, _backup = backups.make(tmp_path / "backups", None)
    with tarfile.open(archive) as tar:
        held = [name for name in tar.getnames() if name.startswith(archives.FILES)]
        assert held == [f"{archives.FILES}/{piece.file.name}"]
    with databases.scratch(tmp_path) as place:
        arguments = ["restore", str(archive), "--database", place]
        with pytest.raises(CommandError, match=f"{bucket.name} is not empty"):
            call_command(*arguments)
        use(f"{bucket.name}-new", bucket.meta.client.meta.endpoint_url)
        empty = boto3.resource("s3", endpoint_url=bucket.meta.client.meta.endpoint_url).Bucket(f"{bucket.name}-new")
        empty.create()
        out = StringIO()
        call_command(*arguments, stdout=out)
        assert out.getvalue().startswith("Restored as it was on ")
    assert names(empty) == [piece.file.name]
    assert empty.Object(piece.file.name).get()["Body"].read() == PDF


def test_without_the_store_answers_are_saved_and_files_get_a_sentence(
    bucket, away, draft, focal, sign_in, monkeypatch, tmp_path, client
):
    signed_in = sign_in(focal)
    piece = attached(signed_in, draft)
    assert doctor.storage()[:2] == (doctor.State.FINE, f"The bucket {bucket.name} at {store_of(bucket)} takes files.")
    assert client.get("/health/").json()["files"]["writable"] is True
    assert names(bucket) == [piece.file.name], "the health check leaves nothing behind"
    away()
    refused = Page(signed_in.post(url(draft), {"files": [a_file(PDF + b"\n", "second.pdf")]}))
    assert "“second.pdf” could not be stored: the server cannot write it now. Tell the administrator" in refused.text
    assert Evidence.objects.get() == piece
    answer = {"person": focal.pk, "iP2-seen": 0, "iP2-answer": "level:2", "iP2-comment": "Saved all the same."}
    assert signed_in.post(f"/submissions/{draft.pk}/save/", answer).status_code == 200
    assert Answer.objects.get(indicator__code="P2").comment == "Saved all the same."
    page = signed_in.get(f"/submissions/{draft.pk}/files/{piece.pk}/")
    assert (page.status_code, GONE in Page(page).text) == (503, True)
    with pytest.raises(NoAnswer):
        file_checks.walk()
    assert not FileWalk.objects.exclude(faults=[]).exists(), "nobody knows whether a file is changed"
    with pytest.raises(CommandError, match=r"0 files are checked\. The store of files does not answer"):
        call_command("check_files")
    assert doctor.storage()[0] == doctor.State.BROKEN
    assert client.get("/health/").json()["files"]["writable"] is False
    with pytest.raises(CommandError, match="The store of files does not answer"):
        call_command("backup", "--to", str(tmp_path / "backups"))
    assert not list((tmp_path / "backups").iterdir())
    monkeypatch.setattr(pdf, "unavailable", lambda: None)
    monkeypatch.setattr(processes, "alone", lambda html, beat: b"%PDF")
    single.of_html("<p>A paper", draft=False)
    single.make_waiting()
    assert (Paper.objects.get().state, Paper.objects.get().error) == ("failed", GONE)


def store_of(bucket) -> str:
    return bucket.meta.client.meta.endpoint_url


def test_settings_name_the_bucket(monkeypatch):
    from importlib import reload

    from mikt import settings

    monkeypatch.setenv("S3_BUCKET", "files")
    monkeypatch.setenv("S3_REGION", "eu-central-1")
    try:
        chosen = reload(settings).STORAGES["default"]
    finally:
        monkeypatch.undo()
        reload(settings)
    options = {"bucket_name": "files", "endpoint_url": None, "region_name": "eu-central-1"}
    assert chosen == {"BACKEND": "mikt.s3.Bucket", "OPTIONS": options}
