"""A dated record of a store for auditors: controls, policy results, verification, principals, key, retention, waivers, versions.

Pure functions of what `pulumi stack export` or `pulumi stack output --json` wrote and of a verification report; no secret is read
into a record, whether the state shows it or not.
"""

from byob_components.evidence.markdown import to_markdown
from byob_components.evidence.reading import Source, read_source
from byob_components.evidence.record import FORMAT, Record, records
from byob_components.evidence.verification import Verification, read_verification, read_verifications

__all__ = [
    "FORMAT",
    "Record",
    "Source",
    "Verification",
    "read_source",
    "read_verification",
    "read_verifications",
    "records",
    "to_markdown",
]
