"""Installing copies what is official, records it, and can be repeated without effect."""

import zipfile
from pathlib import Path

import pytest

from gateway.errors import ConfigurationError
from gateway.standards import State, install, installed
from gateway.standards.index import state_of
from gateway.standards.sources import Limits

EXPECTED = {
    "cxml/1.2.050/cXML.dtd": ("cxml-dtd", "cXML", "1.2.050"),
    "cxml/1.2.050/Fulfill.dtd": ("cxml-dtd", "Fulfill", "1.2.050"),
    "licences/cxml/LICENSE.txt": ("licence", "LICENSE.txt", ""),
    "xsd/ubl/maindoc/Order.xsd": ("xsd", "urn:example:order", "2.3"),
    "rules/rules/rules.sch": ("schematron", "Rules", ""),
}


def found(workspace: Path) -> dict[str, tuple[str, str, str]]:
    return {item.path: (item.kind, item.name, item.version) for item in installed(workspace)}


def pack(path: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def test_a_folder_is_installed_by_content(folder, workspace):
    report = install(folder, workspace)
    assert found(workspace) == EXPECTED
    assert len(report.added) == 5
    assert report.skipped == ()
    for item in installed(workspace):
        assert state_of(workspace, item) is State.OK


def test_a_zip_gives_the_same_as_its_folder(files, tmp_path, workspace):
    install(pack(tmp_path / "all.zip", files), workspace)
    assert found(workspace) == EXPECTED


def test_installing_again_changes_nothing(folder, workspace):
    install(folder, workspace)
    before = (workspace / "standards/index.json").read_bytes()
    report = install(folder, workspace)
    assert (len(report.added), len(report.replaced), len(report.unchanged)) == (0, 0, 5)
    assert (workspace / "standards/index.json").read_bytes() == before


def test_what_was_damaged_is_repaired(folder, workspace):
    install(folder, workspace)
    target = workspace / "standards/cxml/1.2.050/cXML.dtd"
    target.write_text("damaged")
    assert [item.path for item in install(folder, workspace).replaced] == ["cxml/1.2.050/cXML.dtd"]
    assert target.read_text() == (folder / "cxml/renamed.dtd").read_text()


def test_another_edition_replaces_and_what_else_is_there_stays(folder, workspace, tmp_path, files):
    install(folder, workspace)
    newer = {"a.dtd": files["cxml/renamed.dtd"] + "<!-- corrected -->"}
    report = install(pack(tmp_path / "newer.zip", newer), workspace)
    assert [item.path for item in report.replaced] == ["cxml/1.2.050/cXML.dtd"]
    assert found(workspace) == EXPECTED


def test_two_editions_of_one_dtd_in_one_source_are_reported(files, tmp_path, workspace):
    dtd = files["cxml/renamed.dtd"]
    source = pack(tmp_path / "two.zip", {"a.dtd": dtd, "b.dtd": dtd + " ", "c.dtd": dtd})
    report = install(source, workspace)
    assert len(report.added) == 1
    assert len(report.skipped) == 1
    assert report.skipped[0].startswith("b.dtd:")


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.dtd",
        "/tmp/evil.dtd",
        "a/../../evil.dtd",
        "..\\..\\evil.xsd",
        "c:evil.xsd",
        "a/.. /evil.xsd",
        "a\x01b.xsd",
        "x" * 250 + ".xsd",
    ],
)
def test_an_archive_cannot_write_outside_its_place(name, files, tmp_path, workspace):
    content = files["cxml/renamed.dtd" if name.endswith("dtd") else "ubl/maindoc/Order.xsd"]
    before = {path for path in tmp_path.rglob("*") if workspace not in path.parents}
    report = install(pack(tmp_path / "slip.zip", {name: content}), workspace)
    after = {path for path in tmp_path.rglob("*") if workspace not in path.parents}
    assert after - before == {tmp_path / "slip.zip"}
    assert report.added == ()
    assert "not safe" in report.skipped[0]
    written = {str(path.relative_to(workspace)) for path in workspace.rglob("*") if path.is_file()}
    assert written == {"standards/index.json"}


def test_an_archive_that_unpacks_to_too_much_is_stopped(tmp_path, workspace):
    bomb = pack(tmp_path / "bomb.zip", {f"{n}.xsd": b" " * 1_000_000 for n in range(20)})
    assert bomb.stat().st_size < 100_000
    with pytest.raises(ConfigurationError, match="more than 5000000 bytes"):
        install(bomb, workspace, Limits(file=2_000_000, total=5_000_000))
    report = install(bomb, workspace, Limits(file=100_000, total=5_000_000))
    assert len(report.skipped) == 20
    assert installed(workspace) == ()


def test_links_are_not_followed(folder, workspace, tmp_path, files):
    outside = tmp_path / "outside.dtd"
    outside.write_text(files["cxml/renamed.dtd"].replace("1.2.050", "1.2.099"))
    (folder / "link.dtd").symlink_to(outside)
    link = zipfile.ZipInfo("link.dtd")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        archive.writestr(link, str(outside))
    for source in (folder, tmp_path / "link.zip"):
        install(source, workspace)
        assert "cxml/1.2.099/cXML.dtd" not in found(workspace)


def test_what_is_neither_folder_nor_zip_is_an_error(tmp_path, workspace):
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(ConfigurationError, match="neither a folder nor a zip"):
        install(tmp_path / "a.txt", workspace)


@pytest.mark.parametrize("damage", [slice(50, 90), slice(-6, -2)], ids=["content", "offset"])
def test_a_damaged_zip_is_an_error(files, tmp_path, workspace, damage):
    path = pack(tmp_path / "all.zip", files)
    content = bytearray(path.read_bytes())
    content[damage] = b"x" * (damage.stop - damage.start)
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match="cannot be unpacked"):
        install(path, workspace)


def test_an_unreadable_index_is_an_error_with_the_way_out(workspace):
    (workspace / "standards").mkdir()
    (workspace / "standards/index.json").write_text("{")
    with pytest.raises(ConfigurationError, match="delete it and install again"):
        installed(workspace)


def test_a_later_format_of_the_index_is_not_guessed_at(workspace):
    (workspace / "standards").mkdir()
    (workspace / "standards/index.json").write_text('{"format": 99, "items": []}')
    with pytest.raises(ConfigurationError, match="format 99"):
        installed(workspace)


def test_a_changed_or_lost_file_is_noticed(folder, workspace):
    install(folder, workspace)
    root = workspace / "standards"
    (root / "cxml/1.2.050/cXML.dtd").write_text("changed")
    (root / "cxml/1.2.050/Fulfill.dtd").unlink()
    states = {item.path: state_of(workspace, item) for item in installed(workspace)}
    assert states["cxml/1.2.050/cXML.dtd"] is State.CHANGED
    assert states["cxml/1.2.050/Fulfill.dtd"] is State.GONE
    assert states["rules/rules/rules.sch"] is State.OK
