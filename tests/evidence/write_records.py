"""Writes the expected records anew: `python -m tests.evidence.write_records`; read the diff before it is committed."""

from __future__ import annotations

import json

from byob_components.evidence import read_verification, to_markdown
from tests.evidence.test_records import HERE, PAGES, VERIFIED, made, report, state

if __name__ == "__main__":
    for cloud, store in PAGES:
        reports = [read_verification(report(f"{cloud}-{store}"))] if (cloud, store) in VERIFIED else []
        record = made(state(cloud), verifications=reports)[store]
        page = HERE / "records" / f"{cloud}-{store}.md"
        page.write_text(to_markdown(record) + "\n", encoding="utf-8")
        if page.with_suffix(".json").exists():
            text = json.dumps(record.data, indent=1, ensure_ascii=False)
            page.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
