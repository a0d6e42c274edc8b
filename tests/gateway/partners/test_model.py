"""Every key that a partner.yaml may hold is documented, and nothing else is."""

import re
from pathlib import Path

from gateway.partners.agreements import EdiAgreement
from gateway.partners.logins import OciLogin, UblLogin
from gateway.partners.model import (
    ClassificationChoice,
    CxmlDialect,
    Limits,
    Orders,
    Partner,
    Punchout,
    Secrets,
    Units,
)

PAGE = Path(__file__).parents[3] / "docs/reference/partner-yaml.md"
SECTIONS = {
    "secrets": Secrets,
    "cxml": CxmlDialect,
    "oci": OciLogin,
    "ubl": UblLogin,
    "edi": EdiAgreement,
    "punchout": Punchout,
    "orders": Orders,
    "units": Units,
    "classification": ClassificationChoice,
    "limits": Limits,
}


def test_the_page_names_every_key_and_no_other() -> None:
    known = set(Partner.model_fields) - {"id", *SECTIONS}
    known |= {f"{name}.{key}" for name, model in SECTIONS.items() for key in model.model_fields}
    described = set(re.findall(r"^\| `([a-z_.]+)` \|", PAGE.read_text(), re.MULTILINE))
    assert described == known
