"""Write the reference pages that are made from the code's own tables: `python -m docs.generate`.

What is written twice is wrong once. `tests/architecture/test_docs.py` fails when a page on disk is
not what this module would write.
"""

import importlib
import pkgutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Final

import click
import flask
from werkzeug.routing import Rule

from canonical.faults import FaultKind
from gateway.app import open_gateway
from gateway.buyer.findings import findings_page
from gateway.cli.commands import main
from gateway.partners.keeping import CART_RULES, EFFECTS, LINE_RULES
from gateway.partners.profile import load_profile, profile_chain, profile_names
from gateway.pipeline.states import MOVES, diagram
from gateway.punchout.faults import FAULTS as PUNCHOUT_FAULTS
from gateway.punchout.sessions import MOVES as SESSION_MOVES
from protocols.cxml.status import STATUSES

REFERENCE: Final = Path(__file__).parent / "reference"
PACKAGES: Final = ("canonical", "mappings", "protocols", "edi", "gateway")
NOTE: Final = "<!-- written by `python -m docs.generate`; change the code's table instead -->\n"
MAIN: Final = "__main__"
WIDTH: Final = 80
"""Columns of the commands' help, whatever terminal writes the page."""
SILENT: Final = frozenset({"HEAD", "OPTIONS"})
"""Methods that every route has."""
NOT_OURS: Final = {"shop.static": "Give the shop page's styles and scripts."}
"""Purpose of the routes whose view is a library's."""


def modules() -> Iterator[ModuleType]:
    """Import and return every module of ours."""
    for package in PACKAGES:
        root = importlib.import_module(package)
        yield root
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if not found.name.endswith((MAIN, ".env")) and ".versions" not in found.name:
                yield importlib.import_module(found.name)


def fault_tables() -> dict[str, tuple[FaultKind, ...]]:
    """Return every module's own `FAULTS` table by module name."""
    return {
        module.__name__: module.FAULTS
        for module in modules()
        if isinstance(getattr(module, "FAULTS", None), tuple)
        and module.__file__
        and "FAULTS" in _assigned(module)
    }


def _assigned(module: ModuleType) -> str:
    """Return a module's source, to tell a table defined there from one imported there."""
    source = Path(module.__file__ or "").read_text(encoding="utf-8")
    return "".join(line for line in source.splitlines() if line.startswith("FAULTS"))


def faults_page() -> str:
    """Return the page of all fault codes."""
    kinds = sorted(
        {kind.code: kind for table in fault_tables().values() for kind in table}.values(),
        key=lambda kind: kind.code,
    )
    lines = [
        "# Fault codes\n",
        "A fault is something wrong in received data. Its code is stable; its sentence may change.",
        "An *error* stops the document, a *warning* or *note* goes with it.\n",
    ]
    area = ""
    for kind in kinds:
        prefix = kind.code.split("-")[0]
        if prefix != area:
            area = prefix
            lines += [f"\n## {area}\n", "| code | severity | what | way out |", "|---|---|---|---|"]
        lines.append(
            f"| {kind.code} | {kind.severity} | {_cell(kind.title)} | {_cell(kind.hint)} |"
        )
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def commands_page() -> str:
    """Return the page of all commands with their help."""
    lines = [
        "# Commands\n",
        "Exit codes: 0 done · 1 the answer is no (findings, a failed journey) · 2 wrong usage ·",
        "3 the workspace cannot be used · 4 the core or the database did not answer.\n",
    ]
    settings = {**main.context_settings, "terminal_width": WIDTH}
    context = click.Context(main, info_name="gateway", **settings)
    return "\n".join([*lines, *_commands_help(main, context, 2)])


def _commands_help(group: click.Group, context: click.Context, level: int) -> Iterator[str]:
    """Walk the lines about every command of a group, and below it."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            continue
        own = click.Context(command, info_name=name, parent=context)
        yield from (f"\n{'#' * level} {own.command_path}\n", "```", command.get_help(own), "```")
        if isinstance(command, click.Group):
            yield from _commands_help(command, own, level + 1)


def states_page() -> str:
    """Return the page of message and session states."""
    lines = ["# States of a message\n", "```mermaid", diagram().rstrip(), "```\n"]
    lines += ["| from | to | when |", "|---|---|---|"]
    lines += [f"| {move.leaving} | {move.entering} | {move.reason} |" for move in MOVES]
    lines += ["\n# States of a punchout session\n", "| from | event | to |", "|---|---|---|"]
    lines += [f"| {move.source} | {move.event} | {move.target} |" for move in SESSION_MOVES]
    return "\n".join(lines) + "\n"


def http_page() -> str:
    """Return the page of all routes and of what cXML answers say."""
    lines = [
        "# What the gateway serves over HTTP\n",
        "Partners post to `/cxml`, their people's browsers walk below `/start` and `/s`, the",
        "supplier's own shop calls `/api`, and whoever runs the gateway looks at the rest.",
        "Keep `/metrics` inside: let the reverse proxy publish only what others need.\n",
        "| route | purpose |",
        "|---|---|",
    ]
    with tempfile.TemporaryDirectory() as workspace:
        gateway = open_gateway(Path(workspace))
        application = gateway.application()
        gateway.close()
    lines += [
        f"| `{method} {rule.rule}` | {_cell(_purpose(application, rule))} |"
        for rule in sorted(application.url_map.iter_rules(), key=lambda rule: rule.rule)
        for method in sorted((rule.methods or set()) - SILENT)
    ]
    lines += [
        "\n## Status codes of cXML\n",
        "Every answer on `/cxml` is a cXML Response inside HTTP 200; anything else would count as",
        "a failure of the transport and be repeated. The exception: a body that is too large gets",
        "a bare 413 before it is parsed. An address that posts without pause is told 560.\n",
        "| verdict | code | text |",
        "|---|---|---|",
    ]
    lines += [f"| {verdict} | {code} | {text} |" for verdict, code, text in STATUSES]
    return "\n".join(lines) + "\n"


def profiles_page() -> str:
    """Return the page of the shipped profiles and of the rules that carts are checked by."""
    lines = [
        "# Profiles of buyers' systems\n",
        "`profile:` in `partner.yaml` names one. What a profile may hold stands in",
        "`mappings/profiles/README.md`, how to write one in docs/how-to/new-buyer-system.md. The",
        "sessions beside each (`<profile>.samples/`) are reconstructions from its sources.\n",
        "| profile | system | lies over | its facts come from |",
        "|---|---|---|---|",
    ]
    for name in profile_names():
        profile, own = load_profile(name), profile_chain(name)[-1]
        below = f"`{own.data['extends']}`" if "extends" in own.data else ""
        sources = "; ".join(profile.sources)
        lines.append(f"| `{name}` | {_cell(profile.title)} | {below} | {_cell(sources)} |")
    lines += [
        "\n## Rules that a cart is checked by\n",
        "`limits.decisions` decides by rule (`block`, `warn`, `ignore`), `limits.effects` says",
        "what the buyer's system would do.\n",
        "| rule | code | without a decision | what |",
        "|---|---|---|---|",
    ]
    kinds = {kind.code: kind for kind in PUNCHOUT_FAULTS}
    for rule in (*LINE_RULES, *CART_RULES):
        kind = kinds[rule.code]
        lines.append(f"| `{rule.name}` | {rule.code} | {rule.usually} | {_cell(kind.title)} |")
    lines += ["\n| effect | the person reads |", "|---|---|"]
    lines += [f"| `{effect}` | {words or 'nothing more'} |" for effect, words in EFFECTS.items()]
    return "\n".join(lines) + "\n"


def _purpose(application: flask.Flask, rule: Rule) -> str:
    """Return the first sentence of a view's docstring; a view of ours without one is a mistake."""
    if rule.endpoint in NOT_OURS:
        return NOT_OURS[rule.endpoint]
    docstring = application.view_functions[rule.endpoint].__doc__
    if not docstring:
        message = f"{rule.endpoint}: the view needs a docstring that says what the route is for"
        raise LookupError(message)
    return docstring.strip().split("\n\n")[0]


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "faults.md": faults_page,
    "commands.md": commands_page,
    "states.md": states_page,
    "http.md": http_page,
    "buyer-findings.md": findings_page,
    "profiles.md": profiles_page,
}
"""Every generated page and what makes it."""


def write() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(NOTE + page(), encoding="utf-8")


if __name__ == "__main__":
    write()
