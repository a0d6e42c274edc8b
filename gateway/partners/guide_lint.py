"""Judge guides by what they are made for: an edition of EDI that is here, or schemas of flat files.

A rule that has no place would do nothing in silence, so it stops a start as any mistake does.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from edi.edifact.dialect import version_of as edifact_version
from edi.flatfile.guiding import applies, guided
from edi.flatfile.schema import Schema
from edi.guides import Guide
from edi.overlay import overlaid
from edi.rules import Syntax
from edi.schema import Directory
from edi.x12.dialect import version_of as x12_version
from edi.x12.editions import release_of
from gateway.errors import ConfigurationError
from gateway.partners.agreements import EdiAgreement
from gateway.partners.guides import FOLDER, GuideFile, read_guides
from gateway.partners.marked import Marked
from gateway.partners.model import Partner
from gateway.settings.findings import Finding

Find = Callable[[str], tuple[Directory, Syntax] | None]
"""Return an edition by its name, None for one that is not here; may raise `ConfigurationError`."""


def judge_guides(
    guides: Iterable[GuideFile], schemas: Sequence[Schema], find: Find
) -> list[Finding]:
    """Return what guides say and what they are made for cannot be, each once."""
    found = [one for told in guides for one in _over_edition(told, schemas, find)]
    return list(dict.fromkeys(found))


def _over_edition(told: GuideFile, schemas: Sequence[Schema], find: Find) -> list[Finding]:
    guide, where = told.guide, told.marked.where(("edition",))
    flat = [schema for schema in schemas if applies(guide, schema)]
    if flat:
        return [one for schema in flat for one in told.findings(guided(schema, guide)[1])]
    try:
        found = find(guide.edition)
    except ConfigurationError as error:
        return [Finding(where, "edition", str(error))]
    if found is None:
        hint = "`gateway edi directory import` adds it; of a flat file it is the schema's name"
        return [Finding(where, "edition", f"no {guide.edition} is here", hint)]
    return told.findings(overlaid(found[0], guide, found[1]).wrong)


def unheeded(
    partner: Partner, marked: Marked, guides: Mapping[str, GuideFile], sent: Iterable[str]
) -> list[Finding]:
    """Return where a partner's guide does nothing, as far as that is agreed.

    In which edition they send, nobody says; `sent` are the messages that we send them. A guide
    may still be meant so: a trade shares it, and its other messages count.
    """
    agreed = partner.edi
    told = guides.get(agreed.guide or "")
    if told is None:
        return []
    return [
        Finding(
            marked.where(("edi", "guide")),
            "edi.guide",
            f"warning: {told.guide.name} is made for {told.guide.edition} and does nothing for "
            f"{name}, which leaves as {edition}",
            "edi.versions says in which edition it leaves; or name a guide of that edition",
        )
        for name in sorted(set(sent) & told.guide.messages.keys())
        if (edition := _EDITION_OF[agreed.syntax](agreed, name)) != told.guide.edition
    ]


_EDITION_OF: Final[Mapping[str, Callable[[EdiAgreement, str], str]]] = {
    "edifact": lambda agreed, name: edifact_version(name, agreed.edifact),
    "x12": lambda agreed, name: release_of(x12_version(name, agreed.x12)),
}
"""In which edition a message is agreed to leave, by the syntax."""


def sound_guides(workspace: Path, schemas: Sequence[Schema], find: Find) -> Mapping[str, Guide]:
    """Return all guides by name; raises `ConfigurationError` with every finding."""
    guides, findings = read_guides(workspace)
    findings += judge_guides(guides.values(), schemas, find)
    if findings:
        message = (
            f"{len(findings)} finding(s) in {FOLDER}/; nothing is checked until all are mended"
        )
        raise ConfigurationError(message, tuple(map(str, findings)))
    return {name: told.guide for name, told in guides.items()}
