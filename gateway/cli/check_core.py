"""Say what is wrong with the core that a workspace names, as far as files tell; nothing is asked.

The embedded core's files are read as `gateway run` reads them. Of a core elsewhere only the token
can be judged here: `gateway core check` asks it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from gateway.connectors.embedded import is_filled, read_folder
from gateway.connectors.embedded.records import finding
from gateway.errors import ConfigurationError
from gateway.partners.loader import FILE_NAME as PARTNER_FILE
from gateway.partners.loader import FOLDER
from gateway.partners.vault import Vault
from gateway.settings import Settings
from gateway.settings.findings import nearest
from gateway.settings.loader import FILE_NAME
from gateway.settings.model import RestCoreSettings

Found = tuple[Sequence[str], Sequence[str]]
"""What is wrong, and what is only doubtful."""


def examine_core(settings: Settings, vault: Vault, customers: Mapping[str, str]) -> Found:
    """Return what to tell of the core; `customers` are the partners' numbers in it, by partner."""
    if isinstance(settings.core, RestCoreSettings):
        return _token(settings.core.token, vault), ()
    workspace = settings.workspace
    if not ((workspace / FILE_NAME).exists() or (workspace / FOLDER).is_dir()):
        what = f"neither {FILE_NAME} nor {FOLDER}/ is here"
        hint = "is this the workspace? `gateway init` makes one"
        return (), (f"{workspace}: warning: {what} -- {hint}",)
    return _files(workspace / settings.core.folder, settings.core.folder, customers)


def _token(reference: str | None, vault: Vault) -> Sequence[str]:
    try:
        if reference is not None:
            vault.resolve(reference)
    except ConfigurationError as error:
        return (f"{FILE_NAME}: core.token: {error}",)
    return ()


def _files(folder: Path, name: Path, customers: Mapping[str, str]) -> Found:
    if not is_filled(folder):
        what = f"there is nothing in {name}, so the core has no product and no customer"
        hint = "docs/reference/core-data.md says what belongs there"
        return (), (f"{FILE_NAME}: warning: core.folder: {what} -- {hint}",)
    reading = read_folder(folder)
    if reading.faults:
        return tuple(f"{name}/{finding(one)}" for one in reading.faults), ()
    known = {entry.customer.customer_id for entry in reading.contents.customers}
    return (), tuple(
        f"{FOLDER}/{partner}/{PARTNER_FILE}: warning: customer: the core has no customer "
        f'"{customer}" -- {nearest(customer, known)}'
        for partner, customer in customers.items()
        if customer not in known
    )
