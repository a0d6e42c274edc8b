"""Define how one partner's people log in to shop by a form: sections `oci` and `ubl` of its file.

Both say what the parameters of the login are called and how the cart goes home. Who may log in
stands in `identities` (domain OCI or PEPPOL, with the user name), the password in `secrets`.
"""

from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints

from canonical.order import ItemType
from gateway.partners.agreements import qualifier_of
from gateway.settings.findings import nearest
from gateway.settings.model import Section, Text
from protocols.form import fold
from protocols.oci.dialect import LongText, OciDialect, Variant
from protocols.oci.fields import FIELDS
from protocols.oci.parameters import NAMES
from protocols.ubl.dialect import PARAMETERS, PunchoutDialect

FRAME: Final = r"^(_self|_parent|_top|_blank|[A-Za-z0-9][A-Za-z0-9_.:-]{0,99})$"
"""A name of a frame that is safe in a page."""
LOGIN_DOMAINS: Final = {"oci": "OCI", "ubl": "PEPPOL"}
"""Domain of the identities that log in, by section and syntax."""


def face_of(domain: str) -> str | None:
    """Return the syntax that people of an identity's domain punch out by: `cxml` unless it logs in.

    Case makes no difference. None for a domain of EDI, by which nobody punches out.
    """
    if qualifier_of(domain) is not None:
        return None
    wanted = domain.strip().upper()
    return next((syntax for syntax, known in LOGIN_DOMAINS.items() if known == wanted), "cxml")


def read_oci_parameter(value: str) -> str:
    """Return SAP's name of a parameter of the call."""
    name = fold(value)
    if name not in NAMES:
        message = f"SAP knows no parameter of this name; {nearest(name, NAMES)}"
        raise ValueError(message)
    return name


def read_oci_field(value: str) -> str:
    """Return SAP's name of a field of an item, without `NEW_ITEM-`."""
    name = value.strip().upper().removeprefix("NEW_ITEM-")
    if name not in FIELDS:
        message = f"expected one of {', '.join(FIELDS)}"
        raise ValueError(message)
    return name


def read_ubl_parameter(value: str) -> str:
    """Return our name of a parameter of the Peppol login."""
    name = value.strip().lower()
    if name not in PARAMETERS:
        message = f"expected one of {', '.join(PARAMETERS)}"
        raise ValueError(message)
    return name


def read_charset(value: str) -> str:
    """Return a charset that forms are posted in."""
    name = value.strip().upper()
    if name not in {"UTF-8", "ISO-8859-1"}:
        message = "expected UTF-8 or ISO-8859-1"
        raise ValueError(message)
    return name


OciParameter = Annotated[str, AfterValidator(read_oci_parameter)]
OciItemField = Annotated[str, AfterValidator(read_oci_field)]
UblParameter = Annotated[str, AfterValidator(read_ubl_parameter)]
FormCharset = Annotated[str, AfterValidator(read_charset)]
FieldName = Annotated[str, StringConstraints(pattern=r"^[~A-Za-z0-9_.:\[\]-]{1,100}$")]
FrameName = Annotated[str, StringConstraints(pattern=FRAME)]
Decimals = Annotated[int, Field(ge=0, le=10)]
ElementName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,60}$")]
ItemTypeCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]$")]
Endpoint = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}:\S{1,50}$")]


class OciLogin(Section):
    """Say how this partner calls the shop by OCI, and how it wants items back."""

    version: Literal["2.0", "3.0", "4.0", "5.0"] = "4.0"
    """Version whose field lengths hold, where the call names none."""
    parameters: dict[OciParameter, FieldName] = Field(default_factory=dict)
    """Their name of a parameter, by SAP's: `USERNAME: login`. Case and `~` make no difference."""
    charset: FormCharset = "ISO-8859-1"
    """Charset of the returned form, unless the call asks for one (`http_content_charset`)."""
    variant: Literal["html", "xml"] = "html"
    """`html`: one form field a value; `xml`: one field with all items as an XML document."""
    xml_field: FieldName = "~xmlDocument"
    """Name of that field."""
    xml_type: Text = "ESAPO"
    """What goes home in `~xmlType` with it."""
    xml_root: ElementName = "Cart"
    xml_item: ElementName = "NEW_ITEM"
    """Elements of that document: of the whole, and of each item."""
    return_target: FrameName = "_top"
    """Frame that the cart goes to when the call names none (`returntarget`, `~target`)."""
    first_index: Annotated[int, Field(ge=0, le=1)] = 1
    """Index of the first item; 1 by the standard."""
    price_decimals: Decimals = 3
    quantity_decimals: Decimals = 3
    longtext: Literal["[]", "[1]", "[n]"] = "[]"
    """Index of the field LONGTEXT_n:132; `[n]` stands for the item's number."""
    custom_fields: tuple[FieldName, ...] = ()
    """Fields besides SAP's that it takes, without `NEW_ITEM-`; others do not leave."""
    constants: dict[FieldName, Text] = Field(default_factory=dict)
    """Fields that go home with every cart: `{~OkCode: ADDI}`."""
    item_constants: dict[OciItemField, Text] = Field(default_factory=dict)
    """Fields of SAP's that each item has unless the core says another: `{VENDOR: "100234"}`."""
    item_types: dict[ItemType, ItemTypeCode] = Field(default_factory=dict)
    """What ITEM_TYPE says of lines with parts and of parts (OCI 5.0): `{composite: A, item: B}`.
    SAP's own values are not public, so there are none by default."""
    cancelled: dict[FieldName, Text] = Field(default_factory=dict)
    """Fields that go home when the shopper leaves without a cart; by default `~caller=CTLG`."""

    @property
    def dialect(self) -> OciDialect:
        """Return how OCI is read and written for this partner."""
        return OciDialect(
            version=self.version,
            parameters=dict(self.parameters),
            charset=self.charset,
            variant=Variant(self.variant),
            xml_field=self.xml_field,
            xml_type=self.xml_type,
            xml_root=self.xml_root,
            xml_item=self.xml_item,
            target=self.return_target,
            first_index=self.first_index,
            price_decimals=self.price_decimals,
            quantity_decimals=self.quantity_decimals,
            longtext=LongText(self.longtext),
            custom_fields=self.custom_fields,
            constants=dict(self.constants),
            item_constants=dict(self.item_constants),
            item_types={str(word): code for word, code in self.item_types.items()},
            cancelled=dict(self.cancelled),
        )


class UblLogin(Section):
    """Say how this partner does a Peppol punchout, and what its cart needs besides."""

    parameters: dict[UblParameter, FieldName] = Field(default_factory=dict)
    """Their name of a parameter of the login: `username: loginid`."""
    cart_field: FieldName = "catalogue"
    """Field of the returned form that carries the catalogue in base64."""
    validity_days: Annotated[int, Field(ge=1, le=3650)] = 30
    """Days that the prices of a cart hold."""
    tax_category: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}$")] = "S"
    """Category of UN/CEFACT 5305 for products that the core says no tax of."""
    tax_percent: Annotated[Decimal, Field(ge=0, le=100)] | None = None
    """Their tax rate; without one a cart with such a product does not leave."""
    tax_scheme: Text = "VAT"
    supplier_name: Text | None = None
    """Our legal name in the catalogue, instead of that of the settings."""
    buyer_name: Text | None = None
    """Theirs, instead of `name`."""
    supplier_endpoint: Endpoint | None = None
    """Our electronic address, `scheme:value` of the EAS list: `0088:7300010000001`."""
    buyer_endpoint: Endpoint | None = None

    @property
    def dialect(self) -> PunchoutDialect:
        """Return how the Peppol login is read and the catalogue written for this partner."""
        return PunchoutDialect(
            parameters=dict(self.parameters),
            cart_field=self.cart_field,
            validity_days=self.validity_days,
            tax_category=self.tax_category,
            tax_percent=self.tax_percent,
            tax_scheme=self.tax_scheme,
            supplier_name=self.supplier_name,
            buyer_name=self.buyer_name,
            supplier_endpoint=self.supplier_endpoint,
            buyer_endpoint=self.buyer_endpoint,
        )
