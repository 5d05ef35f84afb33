"""A review as one comment on a pull request."""

from __future__ import annotations

import re

from byob_components.review.judging import GrantChange, Review
from byob_components.review.rights import Right

MARK = "<!-- byob-review -->"
"""First line of every comment, by which a workflow finds the one to replace."""
_HEADING = re.compile(r"^#+ ")
_WORDS = {
    "create": "created",
    "import": "imported",
    "update": "changed",
    "replace": "replaced",
    "delete": "deleted",
    "forget": "left as they are and forgotten",
}


def to_markdown(review: Review) -> str:
    """One comment.

    Args:
        review: The review.
    """
    stack = f" of `{review.preview.stack}`" if review.preview.stack else ""
    lines = [MARK, f"## Storage review{stack}", "", _verdict(review), "", _counts(review)]
    errors = [one.text for one, _ in review.dangers if one.code == "BYOB-REV-017"]
    if errors:
        lines += [
            "",
            "The engine could not plan everything:",
            "",
            *(f"- {_first(error)}" for error in errors),
        ]
    risks = [(one, waiver) for one, waiver in review.dangers if one.fails and waiver is None]
    if risks:
        lines += ["", "### At risk", ""]
        for one, _ in risks:
            where = f"`{one.resource}`: " if one.resource else ""
            lines += [f"- **{one.code} {one.title}** – {where}{_cell(one.text)}  ", f"  {one.fix}"]
    notes = [one for one, waiver in review.dangers if not one.fails and waiver is None]
    if notes:
        lines += [
            "",
            "### Worth a look",
            "",
            *(f"- {one.code} {one.title} – `{one.resource}`: {_cell(one.text)}" for one in notes),
        ]
    if review.grants:
        lines += ["", "### Who may do what", ""]
        for grant in review.grants:
            lines += [*_grant(grant), ""]
        lines.pop()
    if review.policies:
        lines += ["", "### Policies", "", "| code | level | resource | what |", "|---|---|---|---|"]
        for finding, waiver in review.policies:
            level = "waived" if waiver else "mandatory" if finding.mandatory else "advisory"
            lines.append(f"| {finding.code} | {level} | {finding.resource} | {_cell(finding.text)} |")
    waived = [(one.code, one.resource, waiver) for one, waiver in review.dangers if waiver]
    waived += [(finding.code, finding.resource, waiver) for finding, waiver in review.policies if waiver]
    if waived:
        lines += ["", "### Waived", "", *(f"- {code} `{resource}`: {waiver}" for code, resource, waiver in waived)]
    if review.unused:
        lines += [
            "",
            "### Waivers that cover nothing",
            "",
            *(f"- {one.code} `{one.resource}`: {one}" for one in review.unused),
        ]
    return "\n".join(lines) + "\n"


def _verdict(review: Review) -> str:
    count = len(review.failing)
    if not count:
        return "Nothing puts data or access at risk."
    return f"**{count} finding{'s' if count > 1 else ''} put{'' if count > 1 else 's'} data or access at risk.**"


def _counts(review: Review) -> str:
    if not review.counts:
        return "No resource changes."
    told = ", ".join(f"{number} {_WORDS[op]}" for op, number in review.counts.items())
    return f"Resources: {told}."


def _grant(grant: GrantChange) -> list[str]:
    lines = [f"`{grant.resource}` ({grant.op})", "", "```diff"]
    lines += [f"- {_line(right)}" for right in grant.gone]
    lines += [f"+ {_line(right)}" for right in grant.come]
    return [*lines, "```"]


def _line(right: Right) -> str:
    return str(right).replace("\n", " ").replace("```", "'''")


def _cell(text: str) -> str:
    return _first(text).replace("|", "\\|")


def _first(text: str) -> str:
    return " ".join(text.split())


def to_text(review: Review) -> str:
    """The comment for a terminal, without the marks of Markdown.

    Args:
        review: The review.
    """
    lines = [line for line in to_markdown(review).splitlines() if line != MARK and not line.startswith("```")]
    return "\n".join(_HEADING.sub("", line).replace("**", "").replace("`", "").rstrip() for line in lines) + "\n"
