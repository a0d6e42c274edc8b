"""Change files of the workspace so that nothing half-done is ever seen, and comments survive.

A file is replaced at one stroke; a new partner's folder is built aside and renamed into place. An
edited `partner.yaml` is read again before it is written: where the edit would change anything but
what it is for, the file stays as it was and the person is told what to write.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gateway.errors import ConfigurationError
from gateway.partners.lint import lint, lint_together
from gateway.partners.loader import FILE_NAME, FOLDER, partner_folders, read_partner
from gateway.partners.marked import Data, read_marked
from gateway.partners.model import ID_PATTERN
from gateway.partners.profile import load_profile, profile_names
from gateway.partners.vault import Vault
from gateway.settings import Settings
from gateway.settings.model import Identity

SLOTS: Final = ("current", "previous", "outgoing")
_SEALED: Final = re.compile(r"sealed:[A-Za-z0-9_=-]+")

_TEMPLATE: Final = """\
# Everything that can be set stands in docs/reference/partner-yaml.md; what is left out comes from
# the profile {profile}. `gateway check {id}` lints this file.
name: {name}
profile: {profile}
customer: {customer}   # the customer's number in the core
state: live   # testing runs everything but delivers no order; blocked refuses

# Who they are in From and Sender of what they send.
identities:
{identities}
# Who we are for them: To in what they send, From in what we send.
{supplier}
# The shared secret, sealed with the workspace key. Two slots, so that it can be changed without a
# gap: `gateway secrets set {id}` moves the present one to previous.
secrets:
  current: {secret}
{unproven}
{punchout}
# orders:
#   price_tolerance: "0.005"            # in the order's currency
#   decisions: {{ORDER-010: change}}      # what a broken rule leads to
#   response: {{url: "https://buyer.example.com/cxml"}}   # where answers to orders go
"""

_UNPROVEN: Final = """
# Orders from {title} carry no shared secret unless it is set up there, and are refused without
# one. Have it set up, or let the networks that the orders come from prove the sender:
# cxml:
#   authenticate: [secret, mac, address]
#   addresses: [192.0.2.0/28]
"""
"""What to write for a system that sends orders without a secret; docs/adr/0060."""


_PUNCHOUT: Final = """\
punchout:
  return_hosts: [{hosts}]
  # session_minutes: 120
  # operations: [create, edit, inspect, source]
  # frame_ancestors: ["https://buyer.example.com"]
"""
_NO_PUNCHOUT: Final = """\
# punchout:
#   return_hosts: [buyer.example.com]   # where carts may go; none named: anywhere
#   session_minutes: 120
#   operations: [create, edit, inspect, source]
#   frame_ancestors: ["https://buyer.example.com"]
"""
"""All of it a comment: a section without a value would take back what the profile says."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Hold what a new partner needs; the rest comes from its profile."""

    id: str
    name: str
    profile: str
    customer: str
    identities: tuple[Identity, ...]
    supplier: tuple[Identity, ...] = ()
    return_hosts: tuple[str, ...] = ()
    secret: str = field(default="", repr=False)


def create_partner(workspace: Path, draft: Draft, vault: Vault, settings: Settings) -> Path:
    """Write a partner's folder that works at once, and return its file.

    Raises `ConfigurationError`, leaving nothing behind, if the folder exists or would not work.
    """
    refuse_taken(workspace, draft.id)
    folder = workspace / FOLDER / draft.id
    sealed = vault.seal(draft.secret)
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        made = aside / draft.id
        made.mkdir()
        write_file(made / FILE_NAME, _partner_text(draft, sealed))
        _refuse_unusable(workspace, made, settings)
        made.rename(folder)
    except OSError as error:
        message = f"{FOLDER}/{draft.id} cannot be written: {error.strerror}"
        raise ConfigurationError(message) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder / FILE_NAME


def refuse_taken(workspace: Path, partner_id: str) -> None:
    """Raise `ConfigurationError` where no new partner can have this id."""
    _refuse_id(partner_id)
    if (workspace / FOLDER / partner_id).exists():
        message = f"{FOLDER}/{partner_id} exists already; nothing was changed"
        raise ConfigurationError(message)


def set_secret(workspace: Path, partner_id: str, value: str, vault: Vault) -> None:
    """Put a new secret into the current slot of a partner and the old one into previous."""
    _refuse_id(partner_id)
    file = workspace / FOLDER / partner_id / FILE_NAME
    name = f"{FOLDER}/{partner_id}/{FILE_NAME}"
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{name} cannot be read: there is no such partner, or its file is damaged"
        raise ConfigurationError(message) from error
    before = read_marked(text.encode(), name)
    if before.findings:
        message = f"{name} is not in order; mend it first"
        raise ConfigurationError(message, tuple(map(str, before.findings)))
    held = before.data.get("secrets")
    slots = {key: str(held[key]) for key in SLOTS if isinstance(held, dict) and held.get(key)}
    sealed = vault.seal(value)
    wanted = slots | {"current": sealed}
    if "current" in slots:
        wanted["previous"] = slots["current"]
    changed = _with_secrets(text, wanted)
    after = read_marked(changed.encode(), name)
    if after.findings or after.data != _replaced(before.data, wanted):
        message = f"the secrets in {name} cannot be changed safely; write there: current: {sealed}"
        raise ConfigurationError(message)
    write_file(file, changed)


def reseal(workspace: Path, vault: Vault) -> int:
    """Seal every sealed secret of the workspace under a new key; return how many there were.

    Until all are written the old key stays beside the new one, so a crash in between loses nothing.
    """
    files = [workspace / "gateway.toml"]
    files += [folder / FILE_NAME for folder in partner_folders(workspace)]
    texts = {file: file.read_text("utf-8") for file in files if file.is_file()}
    references = {found for text in texts.values() for found in _SEALED.findall(text)}
    secrets = {reference: vault.resolve(reference) for reference in references}
    vault.rotate()
    for file, text in texts.items():
        changed = _SEALED.sub(lambda found: vault.seal(secrets[found[0]].reveal()), text)
        if changed != text:
            write_file(file, changed)
    vault.forget_old_keys()
    return len(references)


def write_file(file: Path, text: str) -> None:
    """Replace a file at one stroke, keeping its mode."""
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    aside = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        aside.chmod(file.stat().st_mode & 0o777 if file.exists() else 0o644)
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)


def quoted(text: str) -> str:
    """Return `text` as a YAML scalar in double quotes."""
    escapes = {'"': '\\"', "\\": "\\\\"}
    return '"' + "".join(
        escapes.get(each, each if each.isprintable() else f"\\U{ord(each):08x}") for each in text
    ) + '"'  # fmt: skip


def _refuse_id(partner_id: str) -> None:
    if not re.fullmatch(ID_PATTERN, partner_id):
        message = (
            f'"{partner_id}" cannot be the id of a partner: it names a folder, so expected at '
            "most 63 small letters, digits and hyphens"
        )
        raise ConfigurationError(message)


def _partner_text(draft: Draft, sealed: str) -> str:
    supplier = "# supplier:   # as in gateway.toml, unless named here\n"
    if draft.supplier:
        supplier = "supplier:\n" + _identities(draft.supplier)
    punchout = _NO_PUNCHOUT
    if draft.return_hosts:
        punchout = _PUNCHOUT.format(hosts=", ".join(map(quoted, draft.return_hosts)))
    return _TEMPLATE.format(
        id=draft.id,
        name=quoted(draft.name),
        profile=quoted(draft.profile),
        customer=quoted(draft.customer),
        identities=_identities(draft.identities),
        supplier=supplier,
        secret=quoted(sealed),
        unproven=_unproven(draft.profile),
        punchout=punchout,
    )


def _unproven(profile: str) -> str:
    """Return what stands in the file for a system that sends orders without a secret."""
    if profile not in profile_names():
        return ""  # reading the file says so
    system = load_profile(profile)
    return "" if system.buyer.order_secret else _UNPROVEN.format(title=system.title)


def _identities(identities: Sequence[Identity]) -> str:
    return "".join(
        f"  - {{domain: {quoted(each.domain)}, identity: {quoted(each.identity)}}}\n"
        for each in identities
    )


def _refuse_unusable(workspace: Path, made: Path, settings: Settings) -> None:
    """Raise for whatever would keep the new partner from being loaded."""
    marked, partner = read_partner(made, settings)
    findings = list(marked.findings)
    if partner is not None:
        findings += lint(partner, marked, settings)
        others = [read_partner(folder, settings) for folder in partner_folders(workspace)]
        known = [(other, file) for file, other in others if other is not None]
        findings += lint_together([*known, (partner, marked)])[len(lint_together(known)) :]
    if findings:
        message = "the partner would not work as given; nothing was written"
        raise ConfigurationError(message, tuple(map(str, findings)))


def _with_secrets(text: str, slots: Mapping[str, str]) -> str:
    """Return `text` with the slots written into its `secrets:`, other lines as they were."""
    lines = text.splitlines(keepends=True)
    start = next((n for n, line in enumerate(lines) if re.match(r"secrets\s*:", line)), None)
    if start is None:
        ending = "" if not text or text.endswith("\n") else "\n"
        return f"{text}{ending}\nsecrets:\n" + "".join(_slot(each, slots) for each in slots)
    end = start + 1
    while end < len(lines) and re.match(r"\s+\S|\s*$|\s*#", lines[end]):
        end += 1
    kept = [
        line for line in lines[start + 1 : end]
        if not re.match(rf"\s+[\"']?({'|'.join(SLOTS)})[\"']?\s*:", line)
    ]  # fmt: skip
    block = ["secrets:\n", *(_slot(each, slots) for each in SLOTS if each in slots)]
    return "".join([*lines[:start], *block, *kept, *lines[end:]])


def _slot(name: str, slots: Mapping[str, str]) -> str:
    return f"  {name}: {quoted(slots[name])}\n"


def _replaced(data: Data, slots: Mapping[str, str]) -> Data:
    return {**data, "secrets": dict(slots)}
