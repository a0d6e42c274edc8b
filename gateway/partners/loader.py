"""Read every partner's folder and report all mistakes of all of them at once.

A partner is `partners/<id>/partner.yaml` laid over the profile that it names: tables merge by key,
lists and words replace. Each value keeps the file and line that gave it, so a mistake in a profile
is told in the profile. Folders that begin with a dot or an underscore are left alone.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from gateway.errors import ConfigurationError
from gateway.partners.directory import Partners
from gateway.partners.keyring import Keyring
from gateway.partners.lint import lint, lint_together
from gateway.partners.marked import Data, Marked, read_marked
from gateway.partners.model import ID_PATTERN, Partner
from gateway.partners.overlays import Overlay, overlay_of
from gateway.partners.profile import profile_names, read_profile
from gateway.partners.vault import Secret, Vault
from gateway.settings import Settings, load_settings
from gateway.settings.findings import Finding, explain, fields_at, nearest
from gateway.settings.findings import Path as KeyPath

FOLDER: Final = "partners"
FILE_NAME: Final = "partner.yaml"
DEFAULT_PROFILE: Final = "generic"


def load_partners(
    workspace: Path, vault: Vault | None = None, *, settings: Settings | None = None
) -> Partners:
    """Return all partners of `workspace`, with their secrets.

    Raises `ConfigurationError` with every finding as `partners/x/partner.yaml:7: path: what`.
    """
    settings = settings or load_settings(workspace)
    vault = vault or Vault(workspace, data_folder=settings.data_folder)
    loaded, findings = examine_partners(workspace, vault, settings)
    if findings:
        message = f"{len(findings)} finding(s) in the partners; none is loaded until all are mended"
        raise ConfigurationError(message, tuple(str(finding) for finding in findings))
    return Partners(
        [partner for partner, _ in loaded],
        {partner.id: keyring for partner, keyring in loaded},
        wrong_secrets_per_minute=settings.limits.wrong_secrets_per_minute,
    )


def examine_partners(
    workspace: Path, vault: Vault, settings: Settings
) -> tuple[list[tuple[Partner, Keyring]], list[Finding]]:
    """Return the partners that can be read, and everything that is wrong with any of them."""
    findings: list[Finding] = []
    loaded: list[tuple[Partner, Keyring]] = []
    read: list[tuple[Partner, Marked]] = []
    for folder in partner_folders(workspace):
        marked, partner = read_partner(folder, settings)
        findings += marked.findings
        if partner is None:
            continue
        keyring, wrong = open_secrets(partner, marked, vault)
        findings += lint(partner, marked, settings) + wrong
        read.append((partner, marked))
        loaded.append((partner, keyring))
    return loaded, findings + lint_together(read)


def partner_folders(workspace: Path) -> list[Path]:
    """Return the folders of all partners, sorted by id."""
    folder = workspace / FOLDER
    if not folder.is_dir():
        return []
    return sorted(
        path for path in folder.iterdir() if path.is_dir() and path.name[:1] not in {".", "_"}
    )


def read_partner(folder: Path, settings: Settings) -> tuple[Marked, Partner | None]:
    """Return what a partner's file and profile say, and the partner if that makes one."""
    marked = _read_file(folder)
    if marked.findings:
        return marked, None
    merged = _with_profile(marked)
    if "id" in merged.data:
        what = "the folder's name is the id; take this key out"
        merged.findings.append(Finding(merged.where(("id",)), "id", what))
    if not merged.data.get("supplier") and settings.identities:
        merged.data["supplier"] = [
            {"domain": us.domain, "identity": us.identity} for us in settings.identities
        ]
    if not re.fullmatch(ID_PATTERN, folder.name):
        what = "the folder's name is the id: expected at most 63 small letters, digits and hyphens"
        merged.findings.append(Finding(merged.file, "", what))
        return merged, None
    try:
        partner = Partner.model_validate({**merged.data, "id": folder.name})
    except ValidationError as error:
        merged.findings += explain(error, Partner, merged.where)
        return merged, None
    return merged, partner


def open_secrets(partner: Partner, marked: Marked, vault: Vault) -> tuple[Keyring, list[Finding]]:
    """Return a partner's secrets, and which of its references lead nowhere."""
    findings: list[Finding] = []

    def opened(reference: str | None, path: KeyPath) -> Secret | None:
        if reference is None:
            return None
        try:
            return vault.resolve(reference)
        except ConfigurationError as error:
            findings.append(Finding(marked.where(path), ".".join(map(str, path)), str(error)))
            return None

    secrets = partner.secrets
    keyring = Keyring(
        current=opened(secrets.current, ("secrets", "current")),
        previous=opened(secrets.previous, ("secrets", "previous")),
        outgoing=opened(secrets.outgoing, ("secrets", "outgoing")),
        external=opened(partner.punchout.external_secret, ("punchout", "external_secret")),
    )
    return keyring, findings


def _read_file(folder: Path) -> Marked:
    name = f"{FOLDER}/{folder.name}/{FILE_NAME}"
    try:
        return read_marked((folder / FILE_NAME).read_bytes(), name)
    except OSError as error:
        marked = Marked(name)
        what = "this file is missing" if isinstance(error, FileNotFoundError) else "not readable"
        marked.findings.append(Finding(name, "", what))
        return marked


def partner_overlays(folder: Path) -> tuple[str | None, Overlay]:
    """Return the profile that a partner's file names, and what the file itself says in line.

    A file that cannot be read names no profile and says nothing: its findings are told elsewhere.
    """
    own = _read_file(folder)
    if own.findings:
        return None, Overlay()
    merged = _with_profile(own)
    name = own.data.get("profile", DEFAULT_PROFILE)
    known = isinstance(name, str) and name in profile_names()
    return name if known and isinstance(name, str) else None, overlay_of(own, merged)


def _with_profile(own: Marked) -> Marked:
    """Return `own` over the defaults of the profile that it names."""
    name = own.data.get("profile", DEFAULT_PROFILE)
    if name not in profile_names():
        hint = nearest(str(name), profile_names())
        where = own.where(("profile",))
        own.findings.append(Finding(where, "profile", f'there is no profile "{name}"', hint))
        return replace(own, data=_merge({}, own.data))
    profile = read_profile(str(name))
    merged = Marked(own.file, findings=[*profile.findings, *own.findings])
    defaults = profile.data.get("partner", {})
    places = {path[1:]: place for path, place in profile.places.items() if path[0] == "partner"}
    merged.data = _merge(defaults if isinstance(defaults, dict) else {}, own.data)
    merged.places = places | own.places
    return merged


def _merge(below: Data, above: Data, path: KeyPath = ()) -> Data:
    """Return `above` over `below`; a known key without a value takes back what is below it."""
    merged = dict(below)
    for key, value in above.items():
        beneath = merged.get(key)
        if isinstance(value, dict):
            under = beneath if isinstance(beneath, dict) else {}
            merged[key] = _merge(under, value, (*path, key))
        elif value is None and key in fields_at(Partner, path):
            merged.pop(key, None)
        else:
            merged[key] = value
    return merged
