"""Listings: with versions and deleted blobs, and without what the gate keeps hidden."""

from __future__ import annotations

import re
import time
from xml.etree import ElementTree as Xml
from xml.sax.saxutils import escape

from sandbox.clouds.azure.apis.moment import header
from sandbox.clouds.azure.apis.web import Answer, Request
from sandbox.clouds.azure.storage.deleted_containers import DeletedContainers
from sandbox.clouds.azure.storage.upstream import Upstream
from sandbox.clouds.azure.storage.versions import Kept, Versions

_PROPERTIES = {
    "Creation-Time": "x-ms-creation-time", "Last-Modified": "last-modified", "Etag": "etag", "Content-Length": "content-length",
    "Content-Type": "content-type", "Content-MD5": "content-md5", "BlobType": "x-ms-blob-type", "AccessTier": "x-ms-access-tier",
}  # fmt: skip


def included(request: Request) -> set[str]:
    """What a listing shall hold besides."""
    return {one for value in request.query.get("include", []) for one in value.split(",") if one}


def with_versions(request: Request, upstream: Upstream, versions: Versions, account: str, container: str) -> Answer:
    """A listing of blobs with their versions, with deleted ones, or with both; on one page.

    Args:
        request: What is asked for.
        upstream: Azurite.
        versions: What is kept.
        account: The account.
        container: The container.
    """
    wanted = included(request)
    query = {name: values[0] for name, values in request.query.items() if name in ("prefix", "delimiter")}
    rest = ",".join(sorted(wanted & {"metadata", "tags", "snapshots", "uncommittedblobs", "copy"}))
    query |= {"restype": "container", "comp": "list", **({"include": rest} if rest else {})}
    blobs: list[tuple[str, str, Xml.Element]] = []
    prefixes: list[Xml.Element] = []
    marker = ""
    while True:
        page = upstream.signed("GET", account, container, {**query, **({"marker": marker} if marker else {})})
        if page.status != 200:
            return page
        root = Xml.fromstring(page.body.decode("utf-8-sig"))  # noqa: S314 - Azurite's
        blobs += [(one.findtext("Name") or "", "~", one) for one in root.iter("Blob")]
        prefixes += list(root.iter("BlobPrefix"))
        marker = root.findtext("NextMarker") or ""
        if not marker:
            break
    for name, _, one in blobs:
        if "versions" in wanted and (id := versions.current((account, container, name))):
            _after_name(one, ("VersionId", id), ("IsCurrentVersion", "true"))
    begin, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    for name, kept in versions.below(account, container):
        if not name.startswith(begin) or (delimiter and delimiter in name[len(begin) :]):
            continue
        if kept.deleted:
            shown = "deleted" in wanted and (not kept.version or "versions" in wanted)
        else:
            shown = "versions" in wanted
        if shown:
            blobs.append((name, kept.version, _element(name, kept)))
    inside = "".join(Xml.tostring(one, encoding="unicode") for _, _, one in sorted(blobs, key=lambda b: b[:2]))
    inside += "".join(Xml.tostring(one, encoding="unicode") for one in prefixes)
    head = f'<EnumerationResults ServiceEndpoint="{account}" ContainerName="{escape(container)}"><Prefix>{escape(begin)}</Prefix>'  # fmt: skip
    body = f'<?xml version="1.0" encoding="utf-8"?>{head}<Blobs>{inside}</Blobs><NextMarker /></EnumerationResults>'
    return Answer(200, body.encode(), {"Content-Type": "application/xml", "x-ms-version": request.headers.get("x-ms-version", "")})  # fmt: skip


def _after_name(blob: Xml.Element, *pairs: tuple[str, str]) -> None:
    for offset, (tag, text) in enumerate(pairs):
        made = Xml.Element(tag)
        made.text = text
        blob.insert(1 + offset, made)


def _element(name: str, kept: Kept) -> Xml.Element:
    found = Xml.Element("Blob")

    def add(to: Xml.Element, tag: str, text: str) -> None:
        Xml.SubElement(to, tag).text = text

    add(found, "Name", name)
    if kept.deleted:
        add(found, "Deleted", "true")
    if kept.version:
        add(found, "VersionId", kept.version)
    properties = Xml.SubElement(found, "Properties")
    for tag, key in _PROPERTIES.items():
        if key in kept.headers:
            add(properties, tag, kept.headers[key])
    if kept.deleted:
        add(properties, "DeletedTime", header(kept.deleted))
        add(properties, "RemainingRetentionDays", str(max(0, int(kept.days - (time.time() - kept.deleted) // 86400))))
    return found


def of_containers(request: Request, answer: Answer, deleted: DeletedContainers, account: str) -> Answer:
    """A listing of containers without those that are hidden, and with deleted ones when they are asked for.

    Args:
        request: What is asked for.
        answer: What Azurite says.
        deleted: Which are deleted.
        account: The account.
    """
    if answer.status != 200:
        return answer
    text = answer.body.decode("utf-8-sig")

    def one(found: re.Match[str]) -> str:
        return "" if deleted.hides(account, found[1]) else found[0]

    text = re.sub(r"<Container><Name>([^<]+)</Name>.*?</Container>", one, text, flags=re.DOTALL)
    if "deleted" in included(request):
        gone = "".join(
            f"<Container><Name>{each.name}</Name><Deleted>true</Deleted><Version>{each.version}</Version><Properties><Last-Modified>{each.when}</Last-Modified>"
            f"<Etag>&quot;0&quot;</Etag><DeletedTime>{each.when}</DeletedTime><RemainingRetentionDays>{each.days}</RemainingRetentionDays></Properties></Container>"
            for each in deleted.of(account)
        )
        text = text.replace("</Containers>", f"{gone}</Containers>").replace("<Containers/>", f"<Containers>{gone}</Containers>")  # fmt: skip
    answer.body = text.encode()
    return answer
