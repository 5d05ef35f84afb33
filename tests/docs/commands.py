"""Holds command lines of pages and workflow files to what exists: the commands and options of `byob` and of the engine."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache

import click

from byob_components.cli.commands import byob
from sandbox.engine.install import engine_env, ensure_engine

OURS, ENGINE = "byob", "pulumi"
_EXPRESSION = re.compile(r"\$\{\{.*?\}\}")
_OPTION = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*")
_CALL = re.compile(r"(?:^|[|&;(]|=\S*\s)\s*(?:byob|pulumi)\s")
_ENDS = frozenset(("|", "||", "&&", ";", "&", ")"))


def commands(script: str) -> Iterator[list[str]]:
    """Every call of `byob` or `pulumi` in a script, as its arguments.

    Args:
        script: Lines of a shell, also with the expressions of a workflow.
    """
    text = _EXPRESSION.sub("EXPRESSION", script.replace("\\\n", " "))
    for line in text.splitlines():
        if _CALL.search(line):
            yield from _calls(line)


def _calls(line: str) -> Iterator[list[str]]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>()")
    lexer.whitespace_split = True
    words = list(lexer)
    starts = [0, *(i + 1 for i, word in enumerate(words) if word in _ENDS or word.endswith("("))]
    for start in starts:
        here = start
        while here < len(words) and re.fullmatch(r"[A-Z_][A-Z0-9_]*=.*", words[here]):
            here += 1
        if here < len(words) and words[here] in (OURS, ENGINE):
            call: list[str] = []
            for word in words[here:]:
                if word in _ENDS or word[0] in "<>":
                    break
                call.append(word)
            yield call


def wrong(call: list[str]) -> str:
    """What is wrong with a call; nothing when its command and all of its options exist.

    Args:
        call: Its arguments, the program first.
    """
    return _wrong_of_ours(call[1:]) if call[0] == OURS else _wrong_of_the_engine(call[1:])


def _wrong_of_ours(arguments: list[str]) -> str:
    command: click.Command = byob
    context = click.Context(byob)
    while isinstance(command, click.Group):
        if not arguments or command.get_command(context, arguments[0]) is None:
            return f"byob has no command {' '.join(arguments[:1])}"
        command, arguments = command.commands[arguments[0]], arguments[1:]
        context = click.Context(command, parent=context)
    try:
        values, _, _ = command.make_parser(context).parse_args(list(arguments))
    except click.UsageError as problem:
        return problem.format_message()
    for parameter in command.params:
        value = values.get(parameter.name or "")
        given = bool(value) and isinstance(value, str | tuple)
        if isinstance(parameter, click.Argument) and parameter.required and not given:
            return f"{parameter.name} is missing"
        if isinstance(parameter.type, click.Choice) and isinstance(value, str) and value not in parameter.type.choices:
            return f"{parameter.name} is not one of {', '.join(parameter.type.choices)}"
    return ""


@cache
def _help(*command: str) -> str:
    """What the engine says of a command; nothing when there is none of that name."""
    engine, _ = ensure_engine()
    env = {**os.environ, **engine_env(), "PULUMI_DEBUG_COMMANDS": "true"}
    done = subprocess.run(
        [str(engine), *command, "--help"], env=env, capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout if done.returncode == 0 else ""


def _wrong_of_the_engine(arguments: list[str]) -> str:
    command: list[str] = []
    for word in arguments:
        # A word is a part of the command when the help knows it as one; another is an argument.
        if word.startswith("-") or not re.search(rf"^  {re.escape(word)}\s", _help(*command), re.MULTILINE):
            break
        command.append(word)
    if not command:
        return f"pulumi has no command {' '.join(arguments[:1])}"
    known = set(_OPTION.findall(_help(*command)))
    given = {word.partition("=")[0] for word in arguments if re.match(r"--?[A-Za-z]", word)}
    return f"pulumi {' '.join(command)} has no {', '.join(sorted(given - known))}" if given - known else ""
