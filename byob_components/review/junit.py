"""A review as JUnit XML, which CI systems show as tests."""

from __future__ import annotations

from xml.etree import ElementTree as xml

from byob_components.review.judging import Review


def to_junit(review: Review) -> str:
    """One test suite: a case for each finding, and one that passes when there is none.

    Args:
        review: The review.
    """
    cases: list[tuple[str, str, str, bool, str]] = []
    for one, waiver in review.dangers:
        cases.append((one.code, one.resource, f"{one.title}: {one.text}. {one.fix}", one.fails, str(waiver or "")))
    for finding, waiver in review.policies:
        cases.append((finding.code, finding.resource, finding.text, finding.mandatory, str(waiver or "")))
    failures = sum(fails and not waived for _, _, _, fails, waived in cases)
    skipped = sum(bool(waived) or not fails for _, _, _, fails, waived in cases)
    suite = xml.Element(
        "testsuite",
        name="byob review",
        tests=str(len(cases) or 1),
        failures=str(failures),
        skipped=str(skipped),
        errors="0",
    )
    for code, resource, text, fails, waived in cases:
        case = xml.SubElement(suite, "testcase", classname=code, name=resource or "plan")
        if waived or not fails:
            xml.SubElement(case, "skipped", message=waived or text)
        else:
            xml.SubElement(case, "failure", message=text)
    if not cases:
        xml.SubElement(suite, "testcase", classname="byob review", name="nothing at risk")
    root = xml.Element("testsuites")
    root.append(suite)
    xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + xml.tostring(root, encoding="unicode") + "\n"
