"""`gateway check` tells every mistake of the workspace or of one partner, and ends accordingly."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

ROOT = Path(__file__).parents[3]
Gateway = Callable[..., Result]
NEW = ("--customer", "1", "--supplier", "DUNS:9", "--secret-stdin", "--identity")


@pytest.fixture(autouse=True)
def _core_elsewhere(tmp_path: Path) -> None:
    """Let the workspace have a core whose files are not here to be checked."""
    (tmp_path / "gateway.toml").write_text('[core]\nkind = "rest"\nurl = "https://core.example"\n')


def test_a_workspace_in_order_ends_with_nothing_to_tell(gateway: Gateway) -> None:
    gateway("partner", "new", "acme", *NEW, "NetworkId:1", given="x")
    result = gateway("check")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "0 error(s), 0 warning(s) in 1 partner(s)\n"


def test_settings_and_partners_are_told_together(gateway: Gateway, tmp_path: Path) -> None:
    gateway("partner", "new", "acme", *NEW, "NetworkId:1", given="x")
    gateway("partner", "new", "bolt", *NEW, "NetworkId:2", given="x")
    for name in ("acme", "bolt"):
        with (tmp_path / "partners" / name / "partner.yaml").open("a") as file:
            file.write("stat: live\n")
    (tmp_path / "gateway.toml").write_text("prt = 1\n")
    (tmp_path / "data" / "gateway.key").chmod(0o644)
    result = gateway("check")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert len(lines) == 4
    assert lines[0] == "gateway.toml:1: prt: this key is not known here -- did you mean port?"
    assert "partners/acme/partner.yaml" in lines[1]
    assert "partners/bolt/partner.yaml" in lines[2]
    assert "chmod 600" in lines[3]
    assert json.loads(gateway("check", "--json").stdout) == lines


def test_a_partners_own_mappings_are_linted_with_the_rest(gateway: Gateway, tmp_path: Path) -> None:
    gateway("partner", "new", "acme", *NEW, "NetworkId:1", given="x")
    own = tmp_path / "partners" / "acme" / "mappings" / "cxml"
    own.mkdir(parents=True)
    (own / "order-request.yaml").write_text("extends: cxml/no-such-mapping\n")
    result = gateway("check", "acme")
    assert result.exit_code == 1
    assert result.stdout.startswith("partners/acme/mappings/cxml/order-request.yaml:1:")
    (own / "order-request.yaml").write_bytes(b"\xff")
    assert "partners/acme" in gateway("check").stdout


def test_a_key_that_others_can_read_is_only_a_warning(gateway: Gateway, tmp_path: Path) -> None:
    gateway("partner", "new", "acme", *NEW, "NetworkId:1", given="x")
    (tmp_path / "data" / "gateway.key").chmod(0o644)
    result = gateway("check")
    assert result.exit_code == 0
    assert "warning: others on this machine can read it" in result.stdout


def test_one_partner_is_checked_by_id_or_folder(gateway: Gateway, tmp_path: Path) -> None:
    gateway("partner", "new", "acme", *NEW, "NetworkId:1", given="x")
    (tmp_path / "partners" / "bolt").mkdir()
    assert gateway("check", "acme").exit_code == 0
    assert gateway("check", "partners/acme/").exit_code == 0
    assert gateway("check", "bolt").stdout == ("partners/bolt/partner.yaml: this file is missing\n")
    unknown = gateway("check", "cog")
    assert unknown.exit_code == 1
    assert "known: acme, bolt" in unknown.output


def test_an_empty_folder_is_a_workspace_without_partners(gateway: Gateway, tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").unlink()
    assert gateway("check").exit_code == 0


def test_the_demo_is_in_order_but_for_its_secrets(gateway: Gateway, tmp_path: Path) -> None:
    import shutil

    demo = tmp_path / "demo"
    shutil.copytree(ROOT / "examples/demo", demo)
    shutil.rmtree(demo / "secrets", ignore_errors=True)
    without = gateway("check", "--workspace", str(demo))
    assert without.exit_code == 1
    assert all("secrets.current" in line for line in without.stdout.splitlines())
    (demo / "secrets").mkdir()
    for partner in (demo / "partners").iterdir():
        (demo / "secrets" / partner.name).write_text("x")
    assert gateway("check", "--workspace", str(demo)).stdout == ""


def test_a_mistake_in_an_inline_mapping_is_told_in_partner_yaml(
    gateway: Gateway, tmp_path: Path
) -> None:
    gateway("partner", "new", "acme", *NEW, "NetworkId:1", given="x")
    file = tmp_path / "partners" / "acme" / "partner.yaml"
    text = file.read_text("utf-8")
    wrong = "mappings:\n  cxml/order-request:\n    fields: {nota: src.x}\n"
    file.write_text(text + wrong, "utf-8")
    result = gateway("check", "acme")
    assert result.exit_code == 1
    line = text.count("\n") + 3
    assert f"partners/acme/partner.yaml:{line}:14: Order has no field 'nota'" in result.stdout


GUIDE = "guide: G\nedition: D.96A\nmessages:\n  ORDERS:\n    rules:\n      PAJ: forbidden\n"


def test_guides_are_linted_over_their_editions(gateway: Gateway, tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    file = tmp_path / "guides" / "trade.yaml"
    file.write_text(GUIDE)
    result = gateway("check")
    assert result.exit_code == 1
    assert result.stdout == (
        "guides/trade.yaml:6: messages.ORDERS.rules.PAJ: there is no place PAJ "
        "-- did you mean PAI?\n"
    )
    file.write_text(GUIDE.replace("D.96A", "D.10B"))
    assert gateway("check").stdout == (
        "guides/trade.yaml:2: edition: no D.10B is here -- `gateway edi directory import` adds it; "
        "of a flat file it is the schema's name\n"
    )
    file.write_text(GUIDE.replace("D.96A", "004010").replace("ORDERS", "850").replace("PAJ", "SAC"))
    assert gateway("check").stdout == ""


def test_a_guide_of_a_flat_file_is_linted_over_its_schema(gateway: Gateway, tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    file = tmp_path / "guides" / "trade.yaml"
    text = GUIDE.replace("D.96A", "semicolon-order").replace("ORDERS", "semicolon-order")
    file.write_text(text.replace("PAJ", "head/order_numbr"))
    (tmp_path / "guides" / "acme.yaml").write_text("guide: Acme\nextends: trade\n")
    result = gateway("check")
    assert result.stdout == (
        "guides/trade.yaml:6: messages.semicolon-order.rules.head/order_numbr: head has no element "
        "order_numbr -- did you mean order_id?\n"
    )


def test_a_partner_names_a_guide_that_is_there(gateway: Gateway, tmp_path: Path) -> None:
    gateway("partner", "new", "acme", *NEW, "NetworkId:1", given="x")
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "trade.yaml").write_text(GUIDE.replace("PAJ", "PAI"))
    with (tmp_path / "partners" / "acme" / "partner.yaml").open("a") as file:
        file.write("edi: {guide: trad}\n")
    result = gateway("check", "acme")
    assert "edi.guide: there is no guides/trad.yaml -- did you mean trade?" in result.stdout


def test_a_partners_check_tells_what_is_wrong_with_the_guides_it_names(
    gateway: Gateway, tmp_path: Path
) -> None:
    gateway("partner", "new", "acme", *NEW, "NetworkId:1", given="x")
    gateway("partner", "new", "other", *NEW, "NetworkId:2", given="x")
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "trade.yaml").write_text(GUIDE)
    (tmp_path / "guides" / "own.yaml").write_text("guide: Own\nextends: trade\n")
    with (tmp_path / "partners" / "acme" / "partner.yaml").open("a") as file:
        file.write("edi: {guide: own}\n")
    assert "there is no place PAJ" in gateway("check", "acme").stdout
    assert gateway("check", "other").stdout == ""


def test_a_guide_that_does_nothing_for_what_leaves_is_a_warning(
    gateway: Gateway, tmp_path: Path
) -> None:
    gateway("partner", "new", "acme", *NEW, "EDI-14:1", "--supplier", "EDI-14:2", given="x")
    (tmp_path / "guides").mkdir()
    text = "guide: Trade\nedition: D.96A\nmessages: {ORDERS: {}, ORDRSP: {}, INVOIC: {}}\n"
    (tmp_path / "guides" / "trade.yaml").write_text(text)
    file = tmp_path / "partners" / "acme" / "partner.yaml"
    own = file.read_text()
    agreed = "{endpoint: 'folder:out', guide: trade, documents: [OrderResponse], versions: %s}"
    file.write_text(f"{own}edi: {agreed}\n" % '{"*": D.01B EAN010}')
    result = gateway("check", "acme")
    line = own.count("\n") + 1
    assert result.stdout == (
        f"partners/acme/partner.yaml:{line}: edi.guide: warning: Trade is made for D.96A and does "
        "nothing for ORDRSP, which leaves as D.01B -- edi.versions says in which edition it "
        "leaves; or name a guide of that edition\n"
    )
    assert result.exit_code == 0
    for fits in ("{ORDRSP: D.96A EAN005}", "{INVOIC: D.01B}", "{}"):
        file.write_text(f"{own}edi: {agreed}\n" % fits)
        assert gateway("check", "acme").stdout == ""


def test_a_schema_that_no_mapping_reads_or_writes_is_told(gateway: Gateway, tmp_path: Path) -> None:
    gateway("partner", "new", "acme", *NEW, "NetworkId:1", given="x")
    own = tmp_path / "partners" / "acme" / "flatfiles"
    own.mkdir()
    for name in ("orders", "bills"):
        (own / f"{name}.yaml").write_text("flat: X\nrecords: {row: {fields: {a: an..3}}}\n")
    agreed = "{endpoint: 'folder:out', inbox: in, flat: orders, files: {Invoice: bills}}"
    with (tmp_path / "partners" / "acme" / "partner.yaml").open("a") as file:
        file.write(f"edi: {agreed}\n")
    told = gateway("check", "acme").stdout
    assert "edi.flat: no mapping reads flat/orders -- mapping: flat/orders -> Order, in" in told
    assert "edi.files.Invoice: no mapping writes Invoice to flat/bills -- mapping: Invoice" in told
