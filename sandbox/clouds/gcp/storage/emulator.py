"""gcp-storage-emulator, which keeps the objects, their checksums and their soft deletion, with older generations added by us.

Out of the box an overwrite or delete in a versioned bucket loses the old generation, an overwrite is not soft-deleted, and names such
as `a//b` and `a/b` are one object. The rest is the emulator's own. Runs in the emulator's environment only.
"""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime
from typing import Any

import gcp_storage_emulator.server as server
from gcp_storage_emulator.exceptions import Conflict, NotFound
from gcp_storage_emulator.handlers import objects
from gcp_storage_emulator.storage import Storage

_NONCURRENT = "_noncurrent"


class Generations(Storage):  # type: ignore[misc]
    """The emulator's storage with noncurrent generations."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.noncurrent: dict[str, dict[str, dict[str, Any]]] = {}
        super().__init__(*args, **kwargs)

    def _write_config_to_file(self) -> None:
        """Everything is in memory; the emulator would write all of it as JSON at each change."""

    def _object_path(self, bucket_name: str, file_name: str) -> str:
        return f"{bucket_name}/{hashlib.sha256(file_name.encode()).hexdigest()}"

    def _versioned(self, bucket: str) -> bool:
        return bool((self.buckets.get(bucket, {}).get("versioning") or {}).get("enabled"))

    def create_file(self, bucket_name: str, file_name: str, content: bytes, file_obj: Any, file_id: Any = None) -> None:
        if file_name in self.objects.get(bucket_name, {}):
            self.delete_file(bucket_name, file_name)
        file_obj["generation"] = str(
            time.time_ns() // 1000
        )  # microseconds; a resumable upload's was taken at its begin
        file_obj["metageneration"] = "1"
        super().create_file(bucket_name, file_name, content, file_obj, file_id)

    def delete_file(self, bucket_name: str, file_name: str) -> None:
        if not self._versioned(bucket_name) or file_name not in self.objects.get(bucket_name, {}):
            super().delete_file(bucket_name, file_name)
            return
        live = self.objects[bucket_name].pop(file_name)
        content = self.get_file(bucket_name, file_name)
        kept = {**live, "timeDeleted": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
        self.noncurrent.setdefault(bucket_name, {}).setdefault(file_name, {})[kept["generation"]] = kept
        self._store.write_bytes(self._old_path(bucket_name, file_name, kept["generation"]), content)
        self._delete_file(bucket_name, file_name)

    def _old_path(self, bucket: str, name: str, generation: str) -> str:
        return self._object_path(f"{_NONCURRENT}/{bucket}", f"{name}#{generation}")

    def old(self, bucket: str, name: str, generation: str) -> tuple[dict[str, Any], bytes]:
        """A generation's metadata and bytes, live or noncurrent."""
        live = self.objects.get(bucket, {}).get(name)
        if live is not None and live["generation"] == generation:
            return live, self.get_file(bucket, name)
        try:
            found = self.noncurrent[bucket][name][generation]
        except KeyError:
            raise NotFound(f"{bucket}/{name}#{generation}") from None
        return found, self._store.read_bytes(self._old_path(bucket, name, generation))

    def delete_generation(self, bucket: str, name: str, generation: str) -> None:
        """Delete one generation for good, or softly as the bucket says."""
        found, content = self.old(bucket, name, generation)
        if "timeDeleted" not in found:
            super().delete_file(bucket, name)
            return
        # The emulator soft-deletes what is live: the old generation takes that place for a moment.
        live = self.objects.setdefault(bucket, {}).pop(name, None)
        current = self.get_file(bucket, name) if live else b""
        super().create_file(bucket, name, content, {k: v for k, v in found.items() if k != "timeDeleted"})
        super().delete_file(bucket, name)
        if live:
            super().create_file(bucket, name, current, live)
        del self.noncurrent[bucket][name][generation]
        self._store.remove_file(self._old_path(bucket, name, generation))

    def all_generations(self, bucket: str, prefix: str) -> list[dict[str, Any]]:
        """Every generation, by name and age."""
        found = [obj for _, obj in self._list_live_candidates(bucket, prefix)]
        old = self.noncurrent.get(bucket, {})
        found += [obj for name, all in old.items() if name.startswith(prefix) for obj in all.values()]
        return sorted(found, key=lambda obj: (obj["name"], int(obj["generation"])))

    def delete_bucket(self, bucket_name: str) -> None:
        if any(self.noncurrent.get(bucket_name, {}).values()):
            raise Conflict(f"Bucket '{bucket_name}' is not empty")
        super().delete_bucket(bucket_name)


def _generation(request: Any) -> str:
    asked = request.query.get("generation", [""])[0]
    return "" if request.query.get("softDeleted") else asked


def _get(request: Any, response: Any, storage: Generations) -> None:
    if not (generation := _generation(request)):
        return objects.get(request, response, storage)
    return _old(request, response, storage, generation, request.query.get("alt") == ["media"])


def _download(request: Any, response: Any, storage: Generations) -> None:
    if not (generation := _generation(request)):
        return objects.download(request, response, storage)
    return _old(request, response, storage, generation, True)


def _old(request: Any, response: Any, storage: Generations, generation: str, media: bool) -> None:
    try:
        found, content = storage.old(request.params["bucket_name"], request.params["object_id"], generation)
    except NotFound:
        response.status = server.HTTPStatus.NOT_FOUND
        return
    if media:
        response.write_file(content, content_type=found.get("contentType"))
    else:
        response.json(found)


def _ls(request: Any, response: Any, storage: Generations) -> None:
    if request.query.get("versions", [""])[0].lower() != "true" or request.params["bucket_name"] not in storage.buckets:
        return objects.ls(request, response, storage)
    prefix, delimiter = request.query.get("prefix", [""])[0], request.query.get("delimiter", [""])[0]
    found: Any = storage.all_generations(request.params["bucket_name"], prefix)
    prefixes: Any = []
    if delimiter:
        found, prefixes = storage._apply_list_delimiter([(o["name"], o) for o in found], prefix, delimiter, None)
    response.json({"kind": "storage#objects", "prefixes": sorted(prefixes), "items": found})


def _delete(request: Any, response: Any, storage: Generations) -> None:
    if not (generation := _generation(request)):
        return objects.delete(request, response, storage)
    try:
        storage.delete_generation(request.params["bucket_name"], request.params["object_id"], generation)
    except NotFound:
        response.status = server.HTTPStatus.NOT_FOUND


_OURS = {objects.get: _get, objects.download: _download, objects.ls: _ls, objects.delete: _delete}


def start() -> int:
    """Start the emulator in a thread of this process, with nothing in it.

    Returns:
        Its port on the loopback address; it answers everybody, the gate stands before it.
    """
    for _, handlers in server.HANDLERS:
        for method, handler in list(handlers.items()):
            handlers[method] = _OURS.get(handler, handler)
    storage = Generations(use_memory_fs=True, data_dir="/")
    thread = server.APIThread("127.0.0.1", 0, storage, daemon=True)
    thread.start()
    thread.is_running.wait()
    port: int = thread._httpd.server_address[1]
    return port
