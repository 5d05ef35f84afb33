"""`byob doctor`: what this machine needs for the components, the policies and the verification, and how to get it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from byob_components.cli.machine import Machine, number
from byob_components.cli.verify import BROWSERS
from byob_components.verify import Result, State
from byob_components.wandb.deployment import Cloud

FORMAT = 1
PACKAGE = "byob-components"
_GET = "https://www.pulumi.com/docs/iac/download-install/"
EXTRAS: dict[Cloud, tuple[str, str]] = {
    Cloud.AWS: ("aws", "verify-aws"),
    Cloud.GCP: ("gcp", "verify-gcp"),
    Cloud.AZURE: ("azure", "verify-azure"),
    Cloud.S3_COMPATIBLE: ("aws", "verify-aws"),
    Cloud.COREWEAVE: ("aws", "verify-aws"),
}
"""Cloud to the extras of its components and of its verification."""
_CREDENTIALS: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "aws": (
        ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
        (".aws/credentials", ".aws/config"),
        "aws configure sso, or set AWS_PROFILE",
    ),
    "gcp": (
        ("GOOGLE_APPLICATION_CREDENTIALS",),
        (".config/gcloud/application_default_credentials.json",),
        "gcloud auth application-default login",
    ),
    "azure": (
        ("AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE"),
        (".azure/msal_token_cache.json", ".azure/azureProfile.json"),
        "az login",
    ),
}
"""Where a login is found: variables, files below the user's folder; and how to get one."""


@click.command()
@click.option(
    "--cloud",
    "clouds",
    multiple=True,
    type=click.Choice([str(cloud) for cloud in Cloud]),
    help="A cloud that is needed; may be given several times. Without it nothing of a cloud must be there.",
)
@click.option(
    "--policy-pack",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of a policy pack, whose environment is looked at too.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def doctor(clouds: tuple[str, ...], policy_pack: Path | None, form: str) -> None:
    """Look whether this machine has what is needed; no cloud is asked and nothing is changed.

    The exit code is 1 when something must be mended. A warning only says what will not work.
    """
    results = list(look(Machine(), [Cloud(one) for one in clouds], policy_pack))
    failed = [one.code for one in results if one.state is State.FAIL]
    if form == "json":
        told = [{k: v for k, v in one.to_dict().items() if k in _KEYS} for one in results]
        click.echo(json.dumps({"format": FORMAT, "ok": not failed, "results": told}, indent=2, ensure_ascii=False))
    else:
        for one in results:
            click.echo("\n".join(_lines(one)))
        click.echo(f"\nto be mended: {', '.join(failed)}" if failed else "\nnothing must be mended")
    sys.exit(1 if failed else 0)


_KEYS = ("id", "code", "part", "title", "state", "evidence", "fix")


def _lines(one: Result) -> list[str]:
    part = f" [{one.part}]" if one.part else ""
    lines = [f"{one.state.upper():<4} {one.code} {one.title}{part}", *(f"       {fact}" for fact in one.evidence)]
    return [*lines, f"       fix: {one.fix}"] if one.fix else lines


def look(machine: Machine, clouds: list[Cloud], policy_pack: Path | None = None) -> Iterator[Result]:
    """Every result, in the order in which a person mends things.

    Args:
        machine: Where to look.
        clouds: The clouds that are needed.
        policy_pack: The folder of a policy pack.
    """
    bounds = next((one.bounds for one in machine.requirements(PACKAGE) if one.name == "pulumi"), ">=3.259,<4")
    yield _python(machine)
    yield _packages(machine)
    yield from _engine(machine, bounds)
    yield from (_extra(machine, extra, needed) for extra, needed in _wanted(clouds))
    yield _policies(machine)
    if policy_pack is not None:
        yield _pack(machine, policy_pack)
    yield from _logins(machine, clouds)
    yield _browser(machine)


def _result(code: str, title: str, state: State, seen: str, fix: str = "", part: str = "") -> Result:
    return Result(code, title, state, part=part, evidence=(seen,), fix=fix if state in (State.FAIL, State.WARN) else "")


def _python(machine: Machine) -> Result:
    told = ".".join(map(str, machine.python))
    state = State.PASS if machine.python >= (3, 11) else State.FAIL
    return _result(
        "D01", "Python is new enough", state, f"Python {told}; 3.11 or newer is needed", "install Python 3.11"
    )


def _packages(machine: Machine) -> Result:
    """The library's requirements and Pulumi's, of which protobuf is the one that others push about."""
    title, names = "The packages fit each other", (PACKAGE, "pulumi")
    broken = [f"{name}: {problem}" for name in names for problem in machine.broken(name)]
    fix = f"pip install --upgrade {PACKAGE}, in an environment without pulumi-policy"
    seen = "; ".join(broken) or ", ".join(f"{name} {machine.version(name)}" for name in (*names, "protobuf"))
    return _result("D02", title, State.FAIL if broken else State.PASS, seen, fix)


# ------------------------------------------------------------------------------------------ the engine
def _engine(machine: Machine, bounds: str) -> Iterator[Result]:
    least = next((one.removeprefix(">=") for one in bounds.split(",") if one.startswith(">=")), "")
    title = "The Pulumi CLI is new enough"
    program = machine.which("pulumi")
    said = machine.run(program, "version") if program else ""
    if not program or not number(said):
        seen = f"{program} does not say its version" if program else "there is no program pulumi"
        yield _result("D03", title, State.FAIL, seen, f"install it: {_GET}")
    else:
        state = State.PASS if number(said) >= number(least) else State.FAIL
        yield _result("D03", title, state, f"{program}: {said}; {least} or newer is needed", f"update it: {_GET}")
        yield _host(machine, program)
    yield _pip(machine)
    yield _state(machine)


def _host(machine: Machine, program: str) -> Result:
    found = machine.which("pulumi-language-python") or _beside(program, "pulumi-language-python")
    seen = found or "neither on the path nor beside the engine is there a pulumi-language-python"
    state, fix = State.PASS if found else State.FAIL, f"install the whole archive of the CLI: {_GET}"
    return _result("D04", "The engine can run Python programs", state, seen, fix)


def _pip(machine: Machine) -> Result:
    pip = machine.version("pip")
    seen = f"pip {pip}" if pip else "this environment has no pip: programs in it are not started by the official host"
    title = "The environment has pip, which the engine asks for"
    return _result("D05", title, State.PASS if pip else State.WARN, seen, "python -m ensurepip")


def _beside(program: str, name: str) -> str:
    found = Path(os.path.realpath(program)).with_name(name)
    return str(found) if found.exists() else ""


def _state(machine: Machine) -> Result:
    """Where the state is, and whether its secrets can be read."""
    title = "There is a place for the state"
    backend, token = machine.env.get("PULUMI_BACKEND_URL", ""), machine.env.get("PULUMI_ACCESS_TOKEN", "")
    home = Path(machine.env.get("PULUMI_HOME") or machine.home / ".pulumi")
    if not backend:
        try:
            backend = str(json.loads((home / "credentials.json").read_text(encoding="utf-8")).get("current") or "")
        except (OSError, ValueError, AttributeError):
            backend = ""
    if not backend and not token:
        return _result(
            "D06", title, State.WARN, "nobody is logged in to a backend", "pulumi login, or set PULUMI_BACKEND_URL"
        )
    own = backend and not backend.startswith("https://")
    phrase = any(
        machine.env.get(name) is not None for name in ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")
    )
    place = backend.partition("?")[0].rpartition("@")[2] if "@" in backend else backend or "Pulumi Cloud"
    if own and not phrase:
        seen = f"{place}; no passphrase is set, so that secrets are read only where a cloud's key encrypts them"
        return _result("D06", title, State.WARN, seen, "set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE")
    return _result("D06", title, State.PASS, place)


# ------------------------------------------------------------------------------------------ extras
def _wanted(clouds: list[Cloud]) -> list[tuple[str, bool]]:
    needed = {extra for cloud in clouds for extra in EXTRAS[cloud]}
    every = dict.fromkeys(extra for extras in EXTRAS.values() for extra in extras)
    return [("stack", False), *((extra, extra in needed) for extra in every)]


def _extra(machine: Machine, extra: str, needed: bool) -> Result:
    asked = [one for one in machine.requirements(PACKAGE) if one.extra == extra]
    title, missing = "What an extra brings is installed", [one for one in asked if not machine.version(one.name)]
    wrong = [problem for one in asked if machine.version(one.name) and (problem := machine.lacks(one))]
    install = f"pip install '{PACKAGE}[{extra}]'"
    if wrong or (missing and needed):
        seen = "; ".join([*wrong, *(f"{one.name} is not installed" for one in missing)])
        return _result("D07", title, State.FAIL, seen, install, part=extra)
    if missing:
        return _result("D07", title, State.SKIP, f"not asked for; {install}", part=extra)
    return _result(
        "D07", title, State.PASS, ", ".join(f"{one.name} {machine.version(one.name)}" for one in asked), part=extra
    )


# ------------------------------------------------------------------------------------------ policies
def _policies(machine: Machine) -> Result:
    title = "The policy pack has an environment of its own"
    if not machine.version("pulumi-policy"):
        return _result("D08", title, State.PASS, "pulumi-policy is not in this one, as it should be")
    broken = machine.broken("pulumi-policy")
    if broken:
        fix = "make one for it: byob policy init says how; then pip uninstall pulumi-policy, and upgrade protobuf"
        return _result("D08", title, State.FAIL, f"pulumi-policy is in this one: {'; '.join(broken)}", fix)
    seen = f"pulumi-policy is in this one and holds protobuf at {machine.version('protobuf')}"
    return _result("D08", title, State.WARN, seen, "keep it apart from programs: byob policy init says how")


def _pack(machine: Machine, folder: Path) -> Result:
    title = "The policy pack's environment is made"
    if not (folder / "PulumiPolicy.yaml").is_file():
        return _result("D09", title, State.FAIL, f"{folder} has no PulumiPolicy.yaml", f"byob policy init {folder}")
    asked = folder / "requirements.txt"
    # A pack that does not ask for the library has it from elsewhere, or does without.
    ours = asked.is_file() and PACKAGE in asked.read_text(encoding="utf-8", errors="replace")
    packages = [*folder.glob("venv/lib/python3*/site-packages"), *folder.glob("venv/Lib/site-packages")]
    wanted = ("pulumi_policy", "byob_components") if ours else ("pulumi_policy",)
    found = {name.replace("_", "-"): _version_in(packages, name) for name in wanted}
    missing = [name for name, version in found.items() if not version]
    if missing:
        fix = f"python3 -m venv {folder}/venv && {folder}/venv/bin/pip install -r {asked}"
        return _result("D09", title, State.FAIL, f"{folder}/venv lacks {', '.join(missing)}", fix)
    seen, own = ", ".join(f"{name} {version}" for name, version in found.items()), machine.version(PACKAGE)
    if ours and own != found[PACKAGE]:
        fix = f"raise the version in {asked}, and install it again"
        return _result("D09", title, State.WARN, f"{seen}; here it is {own}", fix)
    return _result("D09", title, State.PASS, seen)


def _version_in(packages: list[Path], name: str) -> str:
    found = [file.name for place in packages for file in place.glob(f"{name}-*.dist-info")]
    return found[0].removeprefix(f"{name}-").removesuffix(".dist-info") if found else ""


# ------------------------------------------------------------------------------------------ logins, browser
def _logins(machine: Machine, clouds: list[Cloud]) -> Iterator[Result]:
    for cloud, (variables, files, fix) in _CREDENTIALS.items():
        places = [name for name in variables if machine.env.get(name)]
        places += [f"~/{name}" for name in files if (machine.home / name).is_file()]
        named = machine.env.get("GOOGLE_APPLICATION_CREDENTIALS", "") if cloud == "gcp" else ""
        title = "A login is found; whether it is accepted, byob verify tells"
        if named and not Path(named).is_file():
            yield _result(
                "D10",
                title,
                State.FAIL,
                "GOOGLE_APPLICATION_CREDENTIALS names a file that is not there",
                fix,
                part=cloud,
            )
        elif places:
            yield _result("D10", title, State.PASS, ", ".join(places), part=cloud)
        else:
            state = State.WARN if Cloud(cloud) in clouds else State.SKIP
            seen = "none in the environment or the user's folder; a role of the machine is not looked for"
            yield _result("D10", title, state, seen, fix, part=cloud)


def _browser(machine: Machine) -> Result:
    found = next(filter(None, map(machine.which, BROWSERS)), None)
    title = "There is a Chromium, which judges CORS in byob verify --write"
    seen = found or "none: V16:browser and V17:browser are skipped then"
    return _result(
        "D11", title, State.PASS if found else State.WARN, seen, "install Chromium, or name one with --browser"
    )
