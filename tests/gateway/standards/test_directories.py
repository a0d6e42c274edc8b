"""A UN archive or a file of facts becomes a directory of the workspace, or is refused in words."""

import io
import zipfile
from pathlib import Path

import pytest

from edi.edifact.directory import bare_edition
from edi.writing_facts import write_facts
from edi.x12.editions import edition
from gateway.errors import ConfigurationError
from gateway.standards import load_official
from gateway.standards.directories import archive_members, directories, import_directory, listed
from gateway.standards.index import installed
from gateway.standards.shipping import main, shipped
from gateway.standards.sources import Limits
from tests.reference import reference_folder

ARCHIVES = ("d93a", "d96a", "d97a", "d99a", "d01b", "d04a", "d10b", "d21b")
FACTS = "facts 1 D.99Z\nelement 1 an..3\nsegment AAA 1\nmessage MINE AAA! UNS!\n"


def archive(name: str) -> Path:
    return reference_folder("edi") / "untdid" / f"{name}.zip"


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    file = tmp_path / "mine.facts"
    file.write_text(FACTS)
    return file


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as written:
        for name, content in files.items():
            written.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize("name", ARCHIVES)
def test_every_archive_as_published_is_imported_and_read_back(tmp_path: Path, name: str) -> None:
    report = import_directory(archive(name), tmp_path)
    edition_name = f"D.{name[1:].upper()}"
    assert (report.item.version, report.done) == (edition_name, "added")
    assert report.item.path == f"edifact/{name}.facts"
    found = directories(tmp_path, "edifact")[edition_name]
    assert (len(found.messages), len(found.segments)) == (report.messages, report.segments)
    assert found.messages["INVOIC"].body[0].tag == "BGM"
    again = import_directory(archive(name), tmp_path)
    assert again.done == "unchanged"


def test_an_archive_goes_by_another_name_when_told(tmp_path: Path) -> None:
    report = import_directory(archive("d93a"), tmp_path, "D.93A-own")
    assert report.item.path == "edifact/d93a-own.facts"
    assert list(directories(tmp_path, "edifact")) == ["D.93A-own"]


def test_facts_are_imported_for_the_syntax_that_their_name_says(
    tmp_path: Path, facts: Path
) -> None:
    import_directory(facts, tmp_path)
    own = tmp_path / "own.facts"
    own.write_text(write_facts(edition("004010")))
    report = import_directory(own, tmp_path, "004030")
    assert report.item.path == "x12/004030.facts"
    assert list(directories(tmp_path, "x12")) == ["004030"]
    assert list(directories(tmp_path, "edifact")) == ["D.99Z"]
    assert len(directories(tmp_path, "x12")) == 1
    assert directories(tmp_path, "x12")["004030"].messages["850"] is not None


def test_a_second_import_replaces_the_first(tmp_path: Path, facts: Path) -> None:
    import_directory(facts, tmp_path)
    facts.write_text(FACTS.replace("an..3", "an..4"))
    assert import_directory(facts, tmp_path).done == "replaced"
    segment = directories(tmp_path, "edifact")["D.99Z"].segments["AAA"]
    assert segment.uses[0].of.longest == 4


def test_what_is_listed_is_built_in_and_imported_with_its_messages(
    tmp_path: Path, facts: Path
) -> None:
    import_directory(facts, tmp_path)
    found = {(one.syntax, one.name, one.origin): one for one in listed(tmp_path)}
    assert found["edifact", "D.96A", "built in"].messages == tuple(bare_edition("D.96A").messages)
    assert found["x12", "005010", "built in"].state == "ok"
    assert found["edifact", "D.99Z", "standards/edifact/d99z.facts"].messages == ("MINE",)


def test_a_file_that_was_changed_or_is_gone_is_told_and_never_used(
    tmp_path: Path, facts: Path
) -> None:
    written = tmp_path / "standards" / import_directory(facts, tmp_path).item.path
    written.write_text(FACTS.replace("an..3", "an..9"))
    assert {one.state for one in listed(tmp_path) if one.name == "D.99Z"} == {"changed"}
    with pytest.raises(ConfigurationError, match=r"is not what was imported; import D.99Z again"):
        directories(tmp_path, "edifact")["D.99Z"]
    written.unlink()
    assert {one.state for one in listed(tmp_path) if one.name == "D.99Z"} == {"gone"}
    with pytest.raises(ConfigurationError, match=r"is gone .*; import D.99Z again"):
        directories(tmp_path, "edifact")["D.99Z"]


def test_the_codecs_get_what_was_imported(tmp_path: Path, facts: Path) -> None:
    import_directory(facts, tmp_path)
    official = load_official(tmp_path)
    assert list(official.edifact) == ["D.99Z"]
    assert list(official.x12) == []
    official.close()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"hello", "neither an archive of a UN directory"),
        (b"PK\x03\x04broken", "cannot be unpacked"),
        (zipped({"readme.txt": b"x"}), "nothing was changed"),
        (b"facts 1 \xff\n", "expected UTF-8"),
        (b"facts 1 OTHER\nelement 1 an..3\nsegment AAA 1\n", "say with --as which one it is"),
        (b"facts 1 D.99Z\nsegment AAA 9\n", "nothing was changed"),
    ],
)
def test_what_is_no_directory_is_refused_and_nothing_is_written(
    tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "given"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=says):
        import_directory(file, tmp_path)
    assert installed(tmp_path) == ()


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_damaged_archive_is_told_wherever_it_is_damaged(tmp_path: Path, method: int) -> None:
    content = zipped({"EDSD.10B": b"drawn with lines " * 20}, method)
    file = tmp_path / "d10b.zip"
    for at in range(2, len(content)):
        file.write_bytes(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
        with pytest.raises(ConfigurationError, match=r"cannot be (unpacked|imported)"):
            import_directory(file, tmp_path)


def test_an_archive_that_is_cut_off_is_not_taken_for_a_zip_inside_of_it(tmp_path: Path) -> None:
    file = tmp_path / "d10b.zip"
    file.write_bytes(zipped({"EDMD.zip": zipped({"readme": b"x"}), "EDSD.10B": b"y" * 99})[:-150])
    with pytest.raises(ConfigurationError, match="cannot be unpacked: it is cut off; fetch it"):
        import_directory(file, tmp_path)


def test_every_finding_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.facts"
    file.write_text(FACTS + "element 2 zz\nsegment BBB 7\n")
    with pytest.raises(ConfigurationError) as raised:
        import_directory(file, tmp_path)
    assert [finding.split(": ")[0] for finding in raised.value.findings] == [
        "mine.facts:5", "mine.facts:6",
    ]  # fmt: skip


def test_a_name_that_would_be_a_path_and_a_file_that_is_not_there_are_refused(
    tmp_path: Path, facts: Path
) -> None:
    with pytest.raises(ConfigurationError, match="cannot name a directory"):
        import_directory(facts, tmp_path, "../D.96A")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        import_directory(tmp_path / "nowhere.zip", tmp_path)


def test_zips_inside_of_zips_are_opened_within_limits() -> None:
    inner = zipped({"EDSD.10B": b"x" * 100})
    content = zipped({"part/EDSD.zip": inner, "folder/": b"", "readme": b"y"})
    found = archive_members(content, "d.zip", Limits())
    assert found == {"part/EDSD.zip/EDSD.10B": b"x" * 100, "readme": b"y"}
    with pytest.raises(ConfigurationError, match="larger than 50 bytes"):
        archive_members(zipped({"big": b"x" * 51}), "d.zip", Limits(file=50))
    with pytest.raises(ConfigurationError, match="unpacks to more than 60 bytes"):
        archive_members(zipped({"a": b"x" * 40, "b": b"x" * 40}), "d.zip", Limits(total=60))


def test_a_zip_that_holds_itself_many_times_over_ends(tmp_path: Path) -> None:
    content = zipped({"EDSD.10B": b"x"})
    for _ in range(8):
        content = zipped({"deeper.zip": content})
    file = tmp_path / "deep.zip"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match="cannot be imported"):
        import_directory(file, tmp_path)


def test_what_is_shipped_is_made_from_the_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, text = shipped(archive("d96a"))
    assert (name, text) == ("d96a.facts", write_facts(bare_edition("D.96A")))
    with pytest.raises(ConfigurationError, match=r"is D\.93A; shipped are D\.96A and D\.01B"):
        shipped(archive("d93a"))
    monkeypatch.setattr("edi.edifact.directory.__file__", str(tmp_path / "__init__.py"))
    main([str(archive("d96a"))])
    assert (tmp_path / "d96a.facts").read_text() == text
