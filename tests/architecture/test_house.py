"""The house holds: packages say what they are for, names are ours, files stay readable."""

import ast
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("canonical", "mappings", "protocols", "edi", "gateway")
SANS_IO = ("canonical", "mappings", "protocols", "edi")
SQL_ROOMS = ("gateway/store", "gateway/catalogue", "gateway/connectors/embedded")
LONGEST_FILE = 600


def sources(*packages: str) -> Iterator[Path]:
    for package in packages or PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(
    "package", [path.parent for path in sources() if path.name == "__init__.py"], ids=shown
)
def test_package_docstring_says_what_belongs_there(package: Path) -> None:
    docstring = ast.get_docstring(ast.parse((package / "__init__.py").read_text())) or ""
    assert re.search(r"[Bb]elongs here|[Tt]o add|One (module|folder|command)", docstring), (
        f"{shown(package)}/__init__.py: say in the docstring what belongs here or how to add to it"
    )


def test_every_folder_with_code_is_a_package() -> None:
    bare = {
        shown(path.parent)
        for path in sources()
        if not (path.parent / "__init__.py").exists() and "migrations" not in path.parts
    }
    assert not bare


def test_no_root_package_is_shadowed_by_an_installed_distribution() -> None:
    owners = importlib.metadata.packages_distributions()
    foreign = {
        package: owners[package]
        for package in PACKAGES
        if set(owners.get(package, ())) - {"punchout-edi-gateway"}
    }
    assert not foreign, f"another distribution installs a package of our name: {foreign}"


def test_no_source_file_is_too_long_to_read() -> None:
    long = {
        shown(path): length
        for path in sources()
        if (length := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert not long


def test_nothing_is_called_qty_or_named_after_no_knowledge() -> None:
    bad_modules = {"utils", "helpers", "common", "misc", "base", "util", "helper"}
    assert not [shown(path) for path in sources() if path.stem in bad_modules]
    assert not [shown(path) for path in sources() if re.search(r"\bqty\b", path.read_text())]


def calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def test_codecs_and_mappings_open_nothing_and_print_nothing() -> None:
    guilty = [
        shown(path) for path in sources(*SANS_IO) if {"open", "print", "input"} & set(calls(path))
    ]
    assert not guilty


LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def sans_io_contract() -> dict[str, object]:
    """Return the contract as `make imports` reads it, for a package named `room`."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (contract,) = (one for one in settings["contracts"] if one["type"] == "forbidden")
    assert tuple(contract["source_modules"]) == SANS_IO
    return {**contract, "source_modules": ["room"], "ignore_imports": []}


def linted(folder: Path, modules: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Hold a package of these modules to the contract, with the real linter."""
    (folder / "room").mkdir()
    for name, text in {"__init__": "", **modules}.items():
        (folder / "room" / f"{name}.py").write_text(text)
    settings = "".join(
        f"{key} = {json.dumps(value)}\n" for key, value in sans_io_contract().items()
    )
    (folder / "rules.toml").write_text(
        '[tool.importlinter]\nroot_packages = ["room"]\ninclude_external_packages = true\n'
        f"[[tool.importlinter.contracts]]\n{settings}"
    )
    return subprocess.run(
        [sys.executable, "-c", LINT_IMPORTS, "--config", "rules.toml", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_sans_io_contract_catches_every_import_that_it_forbids(tmp_path: Path) -> None:
    forbidden = sans_io_contract()["forbidden_modules"]
    assert isinstance(forbidden, list)
    assert {"os", "pathlib", "io", "time", "random", "secrets", "socket", "logging"} <= {*forbidden}
    run = linted(tmp_path, {f"uses_{name}": f"import {name}\n" for name in forbidden})
    assert run.returncode == 1, run.stdout + run.stderr
    caught = set(re.findall(r"room\.uses_(\w+) -> (\w+)", run.stdout))
    assert caught == {(name, name) for name in forbidden}


def test_the_sans_io_contract_keeps_a_package_that_only_computes(tmp_path: Path) -> None:
    run = linted(tmp_path, {"computes": "import re\nfrom decimal import Decimal\n"})
    assert run.returncode == 0, run.stdout + run.stderr
    assert "1 kept, 0 broken" in run.stdout


def test_sql_lives_in_its_rooms() -> None:
    statement = re.compile(r"\b(sa|sqlalchemy)\.(select|insert|update|delete|text|Table)\(")
    guilty = [
        shown(path)
        for path in sources("gateway")
        if not shown(path).startswith(SQL_ROOMS) and statement.search(path.read_text())
    ]
    assert not guilty


def test_what_a_table_keeps_as_json_goes_through_the_stored_forms() -> None:
    guilty = [
        shown(path)
        for path in sources()
        if shown(path).startswith(SQL_ROOMS) and "msgspec.json" in path.read_text()
    ]
    assert not guilty, "use canonical.stored: dump and load_as, or Forms over a table of its own"


def test_every_source_module_is_reached_by_a_test_beside_its_mirror() -> None:
    """Each folder of sources with code of its own has its folder of tests."""
    missing = {
        shown(path.parent)
        for path in sources()
        if path.name != "__init__.py"
        and "migrations" not in path.parts
        and not mirror_exists(path.parent)
    }
    assert not missing, f"no tests mirror these folders: {sorted(missing)}"


def mirror_exists(folder: Path) -> bool:
    mirror = ROOT / "tests" / folder.relative_to(ROOT)
    return any(mirror.rglob("test_*.py")) or any(mirror.parent.glob(f"test_{folder.name}*.py"))
