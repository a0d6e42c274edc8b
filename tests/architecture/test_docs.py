"""The documentation does not lie: what the code offers is described, and described as it is."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from docs.generate import NOTE, PAGES, REFERENCE, fault_tables
from gateway.cli.commands import COMMANDS
from gateway.partners.model import Partner
from gateway.settings import Settings
from gateway.settings.model import read_size
from mappings.engine.functions import FUNCTIONS

ROOT = Path(__file__).parents[2]
NO_OPTIONS = {"workspace", "id"}
"""Fields that are given by the place of the file, not in it."""


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_what_the_code_says_today(name: str) -> None:
    page = (REFERENCE / name).read_text(encoding="utf-8")
    assert page == NOTE + PAGES[name](), f"{name} is stale: run `python -m docs.generate`"


def test_every_fault_code_is_declared_once_and_well_formed() -> None:
    declared: dict[str, str] = {}
    for module, table in fault_tables().items():
        for kind in table:
            assert re.fullmatch(r"[A-Z0-9]+-[A-Z0-9]+(-[A-Z0-9]+)*", kind.code), kind.code
            assert kind.code not in declared, f"{kind.code} in {module} and {declared[kind.code]}"
            declared[kind.code] = module
    assert len(declared) > 50


def test_every_fault_code_is_named_in_a_test() -> None:
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("*.py"))
    samples = "\n".join(path.read_text() for path in ROOT.rglob("*.samples/*.faults.txt"))
    untested = sorted(
        kind.code
        for table in fault_tables().values()
        for kind in table
        if kind.code not in tests and kind.code not in samples
    )
    assert not untested


def test_every_command_is_importable_and_says_what_it_does() -> None:
    for name, (_, sentence) in COMMANDS.items():
        assert sentence.endswith("."), name


def settings_of(model: type[BaseModel], table: str = "") -> Iterator[tuple[str, object]]:
    """Walk the keys that a file may hold and their defaults; one cell of a page is one key."""
    for name, field in model.model_fields.items():
        inner = [field.annotation, *get_args(field.annotation)]
        sections = [one for one in inner if isinstance(one, type) and issubclass(one, BaseModel)]
        if table or not sections or ... in inner:
            yield f"{table}{name}", field.default
            continue
        for section in sections:
            yield from settings_of(section, f"{name}.")


@pytest.mark.parametrize(
    ("page", "model"), [("gateway-toml.md", Settings), ("partner-yaml.md", Partner)]
)
def test_every_setting_is_described_and_no_other(page: str, model: type[BaseModel]) -> None:
    text = (REFERENCE / page).read_text(encoding="utf-8")
    described = re.findall(r"^\| `([a-z_.]+)` \|", text, re.MULTILINE)
    assert sorted(described) == sorted({key for key, _ in settings_of(model)} - NO_OPTIONS)


@pytest.mark.parametrize(
    ("page", "model"), [("gateway-toml.md", Settings), ("partner-yaml.md", Partner)]
)
def test_every_number_and_switch_is_described_with_its_default(
    page: str, model: type[BaseModel]
) -> None:
    text = (REFERENCE / page).read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `([a-z_.]+)` \| ([^|]*?) \| [^|]", text, re.MULTILINE))
    plain = {
        key: default
        for key, default in settings_of(model)
        if isinstance(default, bool | int | float | Decimal) and key in told
    }
    spelt = {"no": False, "false": False, "yes": True, "true": True}
    wrong = {
        key: (told[key], default)
        for key, default in plain.items()
        if spelt.get(told[key], read_size(told[key])) not in {default, str(default), f"{default:g}"}
    }
    assert not wrong
    assert len(plain) > 5


def test_every_function_of_the_mapping_language_is_described() -> None:
    text = (REFERENCE / "mapping-language.md").read_text(encoding="utf-8")
    assert not [name for name in FUNCTIONS if f"`{name}(" not in text and f"`{name}`" not in text]


def help_texts() -> dict[str, str]:
    """Return what each command says of itself, by its name."""
    page = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    pieces = re.split(r"^#+ (gateway [a-z -]+)$", page, flags=re.MULTILINE)[1:]
    return dict(zip(pieces[::2], pieces[1::2], strict=True))


def typed_commands() -> Iterator[tuple[str, str]]:
    """Walk every command that a page, or the way out of a fault, tells a person to type."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "changes").glob("*.md")]
    for page in pages:
        text = page.read_text(encoding="utf-8").replace("\\\n", " ")
        for line in re.findall(r"(?:^|[|`;&] ?)(gateway [a-z][^`#\n]*)", text, re.MULTILINE):
            if page.name != "commands.md":
                yield page.name, line
    for table in fault_tables().values():
        for kind in table:
            for line in re.findall(r"\b(gateway [a-z]+ [a-z]+[^;,]*)", kind.hint):
                yield kind.code, line


def test_every_command_that_we_tell_people_to_type_exists_with_its_options() -> None:
    known = help_texts()
    groups = {name.rpartition(" ")[0] for name in known}
    unknown = []
    for where, line in typed_commands():
        words = line.split()
        name = next((n for n in (" ".join(words[:end]) for end in (4, 3, 2)) if n in known), "")
        after = words[len(name.split())] if len(words) > len(name.split()) else ""
        if not name or (name in groups and after.isalpha()):
            unknown.append(f"{where}: {line}")
        options = re.findall(r"(?<![\w-])--[a-z][a-z-]+", line.split("&&")[0])
        unknown += [f"{where}: {line}: {option}" for option in options if option not in known[name]]
    assert not unknown
    assert sum(1 for _ in typed_commands()) > 40


def test_the_proxy_that_we_advise_lets_through_what_partners_and_buyers_call_and_no_more() -> None:
    advice = (ROOT / "docs/how-to/operate.md").read_text(encoding="utf-8")
    found = re.search(r"location ~ (\S+) \{", advice)
    assert found is not None
    routes = re.findall(
        r"^\| `(?:GET|POST) (\S+)` \|", (REFERENCE / "http.md").read_text(), re.MULTILINE
    )
    ours = {route for route in routes if re.match("/(health/|metrics$)", route)}
    passed = {route for route in routes if re.search(found[1], re.sub("<[^>]+>", "x", route))}
    assert len(ours) == 3
    assert passed == set(routes) - ours


def test_every_link_in_the_documentation_leads_somewhere() -> None:
    links = [
        (page, target)
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if not target.startswith(("http:", "https:", "mailto:"))
    ]
    broken = [
        f"{page.name} -> {target}" for page, target in links if not (page.parent / target).exists()
    ]
    assert not broken
