"""Objects: signed URLs as W&B uses them, CORS on the wire, older generations, soft deletion."""

from __future__ import annotations

import base64
import hashlib

import pytest

from tests.sandbox_gcp.conftest import World

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("gcp")]

ODD = "dir/a b%20ü&?#//[x]*.json"
ORIGIN = "https://wandb.example.com"
CORS = [{"origin": [ORIGIN], "method": ["GET", "HEAD", "PUT"], "responseHeader": ["*"], "maxAgeSeconds": 3000}]


@pytest.fixture(scope="module")
def bucket(world: World) -> str:
    """A bucket with versions, in which W&B may use objects."""
    name = world.bucket(versioning={"enabled": True}, cors=CORS)
    world.grant(name, world.accounts.wandb_dedicated, "roles/storage.objectUser")
    return name


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("empty", b"", "text/plain"),
        ("kib", bytes(range(256)) * 4, "application/octet-stream"),
        (ODD, b'{"a": 1}', "application/json"),
        ("mail", b"--boundary\r\nContent-Type: x\r\n\r\n--boundary--\r\n", "multipart/mixed; boundary=boundary"),
    ],
)
def test_signed_urls_write_and_read(world: World, bucket: str, name: str, data: bytes, kind: str) -> None:
    who, session = world.accounts.wandb_dedicated, world.anonymous()
    md5 = base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
    put = session.put(world.url(who, "PUT", bucket, name, query_parameters={"X-User": "me"}), data=data, headers={"Content-Type": kind, "Content-MD5": md5})  # fmt: skip
    assert put.status_code == 200, put.text
    assert put.headers["ETag"] == f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"'
    head = session.head(world.url(who, "HEAD", bucket, name))
    assert (head.status_code, head.headers["Content-Length"], head.headers["Content-Type"]) == (
        200,
        str(len(data)),
        kind,
    )
    got = session.get(world.url(who, "GET", bucket, name))
    assert (got.content, got.headers["ETag"], got.headers["X-Goog-Generation"]) == (data, put.headers["ETag"], put.headers["X-Goog-Generation"])  # fmt: skip
    assert session.delete(world.url(who, "DELETE", bucket, name)).status_code == 204
    assert session.get(world.url(who, "GET", bucket, name)).status_code == 404


def test_a_range(world: World, bucket: str) -> None:
    who, session = world.accounts.wandb_dedicated, world.anonymous()
    session.put(world.url(who, "PUT", bucket, "digits"), data=b"0123456789")
    part = session.get(world.url(who, "GET", bucket, "digits"), headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.content, part.headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    assert session.get(world.url(who, "GET", bucket, "digits"), headers={"Range": "bytes=10-"}).status_code == 416


def test_what_a_signed_url_does_not_allow(world: World, bucket: str) -> None:
    who, session = world.accounts.wandb_dedicated, world.anonymous()
    get, put = world.url(who, "GET", bucket, "digits"), world.url(who, "PUT", bucket, "digits")
    session.put(put, data=b"0123456789")
    tampered = get[:-1] + ("0" if get[-1] != "0" else "1")
    wrong = [
        (session.put(get, data=b"x"), 403, "SignatureDoesNotMatch"),
        (session.get(tampered), 403, "SignatureDoesNotMatch"),
        (session.get(get.replace("digits", "other")), 403, "SignatureDoesNotMatch"),
        (session.get(get + "&X-User=me"), 403, "SignatureDoesNotMatch"),
        (session.get(get.split("?")[0]), 403, "AccessDenied"),
        (session.put(put, data=b"x", headers={"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="}), 400, "BadDigest"),
        (session.put(put, data=b"x", headers={"x-goog-meta-a": "b"}), 400, "MalformedSecurityHeader"),
        (session.get(world.url(world.accounts.stranger, "GET", bucket, "digits")), 403, "AccessDenied"),
        (session.get(world.url(world.accounts.deployer, "GET", "no-such-bucket", "digits")), 404, "NoSuchBucket"),
    ]
    assert [(a.status_code, f"<Code>{code}</Code>" in a.text) for a, _, code in wrong] == [
        (s, True) for _, s, _ in wrong
    ]
    assert session.get(get).content == b"0123456789"
    signed_type = world.url(who, "PUT", bucket, "digits", content_type="text/plain")
    assert session.put(signed_type, data=b"x", headers={"Content-Type": "text/html"}).status_code == 403
    assert session.put(signed_type, data=b"x", headers={"Content-Type": "text/plain"}).status_code == 200


def test_a_token_opens_the_xml_api_too(world: World, bucket: str) -> None:
    who = world.accounts.wandb_dedicated
    address = f"{world.server.storage}/{bucket}/by-token"
    assert world.session(who).put(address, data=b"x").status_code == 200
    assert world.session(who).get(address).content == b"x"
    assert world.anonymous().get(address, headers={"Authorization": "Bearer made-up"}).status_code == 401


def test_cors_on_the_wire(world: World, bucket: str) -> None:
    who, session = world.accounts.wandb_dedicated, world.anonymous()
    put = world.url(who, "PUT", bucket, "seen")

    def preflight(origin: str, method: str) -> dict[str, str]:
        asked = {
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "content-type,content-md5",
        }
        answer = session.options(put, headers=asked)
        assert answer.status_code == 200
        return {k: v for k, v in answer.headers.items() if k.startswith("Access-Control")}

    assert preflight(ORIGIN, "PUT") == {
        "Access-Control-Allow-Origin": ORIGIN, "Access-Control-Allow-Methods": "GET, HEAD, PUT", "Access-Control-Max-Age": "3000",
        "Access-Control-Allow-Headers": "content-type,content-md5",
    }  # fmt: skip
    assert preflight("https://evil.example.com", "PUT") == {}
    assert preflight(ORIGIN, "DELETE") == {}
    done = session.put(put, data=b"x", headers={"Origin": ORIGIN})
    assert done.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert done.headers["Access-Control-Expose-Headers"].startswith("*, ")
    assert "Access-Control-Allow-Origin" not in session.get(world.url(who, "GET", bucket, "seen"), headers={"Origin": "https://evil.example.com"}).headers  # fmt: skip


def test_older_generations_stay_readable(world: World, bucket: str) -> None:
    blobs = world.client(world.accounts.wandb_dedicated)
    one = blobs.bucket(bucket).blob("history")
    generations = []
    for text in ("first", "second", "third"):
        one.upload_from_string(text)
        generations.append(one.generation)
    one = blobs.bucket(bucket).blob("history")
    one.delete()
    assert [b.name for b in blobs.list_blobs(bucket, prefix="history")] == []
    found = list(blobs.list_blobs(bucket, prefix="history", versions=True))
    assert [b.generation for b in found] == generations
    assert all(b.time_deleted is not None for b in found)
    texts = [blobs.bucket(bucket).blob("history", generation=g).download_as_text() for g in generations]
    assert texts == ["first", "second", "third"]
    url = world.url(world.accounts.wandb_dedicated, "GET", bucket, "history", generation=generations[0])
    assert world.anonymous().get(url).content == b"first"
    # Bringing one back is a copy.
    source = blobs.bucket(bucket)
    source.copy_blob(source.blob("history"), source, "history", source_generation=generations[1])
    assert source.blob("history").download_as_text() == "second"


def test_a_deleted_generation_is_soft_deleted(world: World, bucket: str) -> None:
    blobs = world.client(world.accounts.wandb_dedicated)
    one = blobs.bucket(bucket).blob("twice")
    one.upload_from_string("old")
    old = one.generation
    one.upload_from_string("new")
    blobs.bucket(bucket).blob("twice", generation=old).delete()
    assert [b.generation for b in blobs.list_blobs(bucket, prefix="twice", versions=True)] == [one.generation]
    assert [b.generation for b in blobs.list_blobs(bucket, prefix="twice", soft_deleted=True)] == [old]
    assert blobs.bucket(bucket).blob("twice").download_as_text() == "new", "the live one is untouched"


def test_soft_deleted_objects_come_back(world: World) -> None:
    bucket = world.bucket()
    world.grant(bucket, world.accounts.wandb_dedicated, "roles/storage.objectUser")
    blobs = world.client(world.accounts.wandb_dedicated)
    one = blobs.bucket(bucket).blob("precious")
    one.upload_from_string("overwritten")
    first = one.generation
    one.upload_from_string("deleted")
    second = one.generation
    blobs.bucket(bucket).blob("precious").delete()
    assert not blobs.bucket(bucket).blob("precious").exists()
    found = list(blobs.list_blobs(bucket, soft_deleted=True))
    assert [b.generation for b in found] == [first, second], "an overwrite is kept as well"
    assert round((found[0].hard_delete_time - found[0].soft_delete_time).total_seconds()) == 7 * 86400
    back = blobs.bucket(bucket).restore_blob("precious", generation=second)
    assert back.generation not in (first, second)
    assert blobs.bucket(bucket).blob("precious").download_as_text() == "deleted"
    viewer = world.accounts.wandb_instance
    world.grant(bucket, viewer, "roles/storage.objectViewer")
    path = f"{world.server.storage}/storage/v1/b/{bucket}/o/precious/restore"
    assert world.session(viewer).post(path, params={"generation": first}).status_code == 403


def test_without_soft_delete_gone_is_gone(world: World) -> None:
    bucket = world.bucket(softDeletePolicy={"retentionDurationSeconds": 0})
    blobs = world.client()
    blobs.bucket(bucket).blob("fleeting").upload_from_string("x")
    blobs.bucket(bucket).blob("fleeting").delete()
    assert list(blobs.list_blobs(bucket, soft_deleted=True)) == []


def test_a_bucket_with_anything_in_it_stays(world: World) -> None:
    bucket = world.bucket(versioning={"enabled": True})
    blob = world.client().bucket(bucket).blob("kept")
    blob.upload_from_string("x")
    generation = blob.generation
    assert world.call("DELETE", f"b/{bucket}").status_code == 409
    world.client().bucket(bucket).blob("kept").delete()
    assert world.call("DELETE", f"b/{bucket}").status_code == 409, "an older generation counts, too"
    world.client().bucket(bucket).blob("kept", generation=generation).delete()
    assert world.call("DELETE", f"b/{bucket}").status_code == 204
    assert world.call("GET", f"b/{bucket}").status_code == 404


def test_uploads_of_every_kind_and_preconditions(world: World, bucket: str) -> None:
    blobs = world.client(world.accounts.wandb_dedicated)
    large = bytes(range(256)) * 4096
    one = blobs.bucket(bucket).blob("large", chunk_size=256 * 1024)
    one.metadata = {"team": "vision"}
    one.upload_from_string(large, content_type="application/x-large")
    found = blobs.bucket(bucket).get_blob("large")
    assert (found.size, found.content_type, found.metadata, found.metageneration) == (1048576, "application/x-large", {"team": "vision"}, 1)  # fmt: skip
    assert found.download_as_bytes() == large
    from google.api_core.exceptions import PreconditionFailed

    with pytest.raises(PreconditionFailed):
        blobs.bucket(bucket).blob("large").upload_from_string("x", if_generation_match=0)
    blobs.bucket(bucket).blob("large").upload_from_string("x", if_generation_match=found.generation)
    assert blobs.bucket(bucket).blob("large").download_as_bytes() == b"x"


def test_a_resumable_upload_can_be_given_up(world: World, bucket: str) -> None:
    blob = world.client(world.accounts.wandb_dedicated).bucket(bucket).blob("given-up")
    place, session = blob.create_resumable_upload_session(size=3), world.anonymous()
    ask = {"Content-Range": "bytes */3"}
    assert session.put(place, headers=ask).status_code == 308
    assert session.delete(place).status_code == 499
    assert session.put(place, headers=ask).status_code == 404
    assert session.delete(place).status_code == 404
    assert not blob.exists()
