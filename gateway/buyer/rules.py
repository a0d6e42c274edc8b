"""Hold the rules that the virtual buyer judges by: code, cost, what a buyer's system does, the fix.

`RULES` is the one table; findings, `gateway buyer` and the documentation read from it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Weight(StrEnum):
    """Say what a finding costs: a blocking one loses a cart or an order in real systems."""

    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """Describe one rule: what it says, what a buyer's system does when broken, and the fix."""

    code: str
    title: str
    consequence: str
    fix: str
    weight: Weight = Weight.BLOCKING


_WARNING = Weight.WARNING
_TABLE: Final = (
    # -- answers over HTTP
    Rule(
        "BUYER-001",
        "the answer's HTTP status is not 200",
        "takes it for a failure of the transport and sends again, up to ten times",
        "answer every request with HTTP 200 and put the verdict into the cXML status",
    ),
    Rule(
        "BUYER-002",
        "the answer's media type is not XML",
        "shows the answer as text or refuses to parse it",
        "send Content-Type: text/xml or application/xml with a charset",
    ),
    Rule(
        "BUYER-003",
        "the answer is not readable cXML",
        "takes it for a failure of the transport and sends again",
        "look at the answer's first bytes: an error page of a proxy is the usual cause",
    ),
    Rule(
        "BUYER-004",
        "the answer refuses the request",
        "shows the status text to the person who punched out, or holds the order",
        "the status code says why; `gateway messages show` has the details on the supplier's side",
    ),
    Rule(
        "BUYER-005",
        "the answer to the setup holds no start page",
        "has no address to send the browser to",
        "PunchOutSetupResponse needs StartPage/URL",
    ),
    Rule(
        "BUYER-006",
        "the same request, sent again, is answered differently",
        "books two orders or opens two sessions when the network makes it retry",
        "answer a repeated payloadID with the stored reply",
    ),
    Rule(
        "BUYER-007",
        "the document is not valid",
        "refuses the document as a whole",
        "the path and the rule say which element; compare it with the DTD of this version",
    ),
    Rule(
        "BUYER-008",
        "the document departs from the standard without being refused",
        "reads it, or not, depending on its release",
        "the path and the rule say which element",
        _WARNING,
    ),
    Rule(
        "BUYER-009",
        "the login is refused",
        "shows the person a page that says no, and no shop",
        "at 403 give the partner's own password (--secret-stdin, or `gateway secrets set`) and its "
        "user name under identities; `gateway messages list --state refused` says why",
    ),
    # -- the shop and the way home
    Rule(
        "BUYER-010",
        "the return form posts to another address than the buyer gave",
        "never sees the cart",
        "the form's action must be BrowserFormPost or HOOK_URL, unchanged",
    ),
    Rule(
        "BUYER-011",
        "the return form has no field that carries a cart",
        "finds no cart in what the browser posts",
        "name the hidden field cxml-base64 or cxml-urlencoded, NEW_ITEM-..., or as was agreed",
    ),
    Rule(
        "BUYER-012",
        "the field that carries the cart cannot be decoded",
        "finds no cart in what the browser posts",
        "base64 of the document's bytes, or the document in US-ASCII, HTML-escaped once",
    ),
    Rule(
        "BUYER-013",
        "the return form does not use POST",
        "gets the cart in the address line, cut off at some length",
        'write <form method="post">',
    ),
    Rule(
        "BUYER-014",
        "the return form has no button",
        "leaves a person whose browser runs no script on an empty page",
        "put a visible submit button into the form",
        _WARNING,
    ),
    Rule(
        "BUYER-015",
        "the shop cannot be used without cookies and script",
        "opens the shop in a frame, where cookies are lost: the person sees an error",
        "carry the session in the path of the address and use plain links and forms",
    ),
    Rule(
        "BUYER-016",
        "the shop does not offer what was wanted",
        "cannot buy it",
        "check the assortment, the product's number and its packaging multiple",
    ),
    Rule(
        "BUYER-017",
        "the shop lets a cart be changed that was opened for inspection",
        "ignores what comes back, and the person's changes are lost",
        "answer operation inspect with a read-only cart",
    ),
    Rule(
        "BUYER-018",
        "the return address's own parameters are not among the form's fields",
        "cannot tell whose cart it is where its server drops the address's query",
        "repeat each parameter of HOOK_URL as a hidden field",
        _WARNING,
    ),
    Rule(
        "BUYER-019",
        "the return form does not say its charset",
        "reads letters beyond ASCII wrongly, or loses the text",
        "set accept-charset to the charset that the buyer expects",
        _WARNING,
    ),
    # -- the cart as a whole
    Rule(
        "BUYER-020",
        "BuyerCookie is not the one that was sent",
        "cannot tell whose cart it is and refuses it",
        "return the element's content as it came, markup included",
    ),
    Rule(
        "BUYER-021",
        "authentication travels through the browser",
        "accepts it, and the person at the browser can read the shared secret",
        "leave SharedSecret, CredentialMac and DigitalSignature out of PunchOutOrderMessage",
    ),
    Rule(
        "BUYER-022",
        "operationAllowed is missing or unknown",
        "refuses the cart, or never lets it be edited",
        "set create, inspect or edit",
    ),
    Rule(
        "BUYER-023",
        "the cart is in more than one currency",
        "refuses the cart or converts nothing and adds apples to pears",
        "one currency a cart",
    ),
    Rule(
        "BUYER-024",
        "the total is not the sum of the lines",
        "refuses the cart, or orders at an amount that the invoice will not match",
        "sum quantity * price / base quantity exactly, and round once",
    ),
    Rule(
        "BUYER-025",
        "the total is missing or not a decimal",
        "refuses the cart",
        "PunchOutOrderMessageHeader/Total/Money holds a plain decimal with a dot",
    ),
    Rule(
        "BUYER-026",
        "From and To are not those of the setup, exchanged",
        "cannot find the supplier or the buyer of the cart",
        "send back the identities of the setup request, From and To exchanged",
        _WARNING,
    ),
    Rule(
        "BUYER-027",
        "the cart holds no line",
        "keeps nothing, or deletes the lines of an edited cart",
        "a session that ends without a cart answers Status 204",
    ),
    Rule(
        "BUYER-028",
        "what came home is not a PunchOutOrderMessage",
        "finds no cart in what the browser posts",
        "post a cXML Message that holds a PunchOutOrderMessage",
    ),
    Rule(
        "BUYER-029",
        "a cancelled session came back with a cart",
        "replaces the person's cart by this one",
        "answer a cancel with Message/Status 204 and no lines",
    ),
    # -- its lines
    Rule(
        "BUYER-030",
        "the line has no supplier part number",
        "drops the line or refuses the cart",
        "ItemID/SupplierPartID is the key of everything that follows",
    ),
    Rule(
        "BUYER-031",
        "an identifier is longer than the buyer's field",
        "cuts it off: the order comes back with an unknown number",
        "shorten it in the buyer's mapping overlay, both ways",
    ),
    Rule(
        "BUYER-032",
        "an identifier holds characters that the buyer's system refuses",
        "refuses the cart",
        "replace the characters in the buyer's mapping overlay, both ways",
    ),
    Rule(
        "BUYER-033",
        "the line has no auxiliary id",
        "cannot bring this line back for editing",
        "send ItemID/SupplierPartAuxiliaryID with a key that names this line for ever",
        _WARNING,
    ),
    Rule(
        "BUYER-034",
        "two lines have the same part number and auxiliary id",
        "merges the lines or keeps only one",
        "the auxiliary id must be different for each line of a cart",
    ),
    Rule(
        "BUYER-035",
        "the unit is missing",
        "refuses the cart or takes EA, whatever was meant",
        "ItemDetail/UnitOfMeasure holds a UN/ECE Recommendation 20 code",
    ),
    Rule(
        "BUYER-036",
        "the unit is not in the buyer's list",
        "loses the whole cart, or silently turns the unit into EA",
        "map the unit to one of the buyer's in the unit table of its profile",
    ),
    Rule(
        "BUYER-037",
        "the quantity is not a positive decimal",
        "refuses the cart",
        "ItemIn/@quantity is a plain decimal with a dot, above zero",
    ),
    Rule(
        "BUYER-038",
        "the description is missing",
        "shows an empty line to the approver or refuses it",
        "send ItemDetail/Description in the language of the buyer",
    ),
    Rule(
        "BUYER-039",
        "the description is longer than the buyer's field",
        "cuts it off, sometimes inside a character",
        "shorten it in the buyer's mapping overlay",
        _WARNING,
    ),
    Rule(
        "BUYER-040",
        "the classification is missing",
        "cannot find an account or an approver for the line",
        "give the product a classification in the system that the buyer wants",
    ),
    Rule(
        "BUYER-041",
        "the classification is not a code of its system",
        "cannot find an account or an approver for the line",
        "UNSPSC codes have eight digits",
        _WARNING,
    ),
    Rule(
        "BUYER-042",
        "the price is missing or not a decimal",
        "refuses the cart or orders at price zero",
        "ItemDetail/UnitPrice/Money holds a plain decimal with a dot and its currency",
    ),
    Rule(
        "BUYER-043",
        "the price has more decimals than the buyer keeps",
        "rounds it: the line's amount changes",
        "set PriceBasisQuantity, or round the price in the buyer's mapping overlay",
    ),
    Rule(
        "BUYER-044",
        "text was escaped twice",
        "shows &amp;amp; or markup to people, and compares it as something else",
        "escape once, where the document is written",
    ),
    Rule(
        "BUYER-045",
        "text was read in the wrong character set",
        "shows damaged letters to people",
        "declare the character set, and keep it through the form (accept-charset)",
    ),
    Rule(
        "BUYER-046",
        "the base quantity of the price is not a positive decimal",
        "takes the price for one unit: the amount is wrong by that factor",
        "PriceBasisQuantity/@quantity is a plain decimal above zero",
    ),
    Rule(
        "BUYER-047",
        "the timestamp has no offset from UTC",
        "refuses the document or takes its own zone",
        "write 2026-01-31T09:30:00+01:00; `Z` is not allowed in cXML",
        _WARNING,
    ),
    Rule(
        "BUYER-048",
        "the payloadID is missing or was used before",
        "takes the document for a repetition and drops it",
        "make a new payloadID for every document",
    ),
    Rule(
        "BUYER-049",
        "the cart does not hold what was put into it",
        "orders something else than the person chose",
        "compare the shop's cart page with the message",
    ),
    # -- the second visit
    Rule(
        "BUYER-050",
        "an edited cart lost a line",
        "deletes the line from the requisition",
        "restore the cart of an edit from its ItemOut elements",
    ),
    Rule(
        "BUYER-051",
        "an edited cart changed an auxiliary id",
        "takes the line for a new one and loses what the person had entered",
        "keep SupplierPartAuxiliaryID through the edit",
    ),
    Rule(
        "BUYER-052",
        "an edited cart changed a quantity by itself",
        "orders another quantity than was approved",
        "restore the quantities of the ItemOut elements",
    ),
    Rule(
        "BUYER-053",
        "an edited cart changed a price",
        "starts the approval again",
        "fine if the contract price changed meanwhile; the shop must show it",
        _WARNING,
    ),
    Rule(
        "BUYER-054",
        "an edited cart gained a line by itself",
        "orders something that nobody chose",
        "restore the cart of an edit from its ItemOut elements, and nothing else",
    ),
    # -- the buyer's own limits
    Rule(
        "BUYER-055",
        "the cart breaks a rule that this system refuses to see broken",
        "does what limits.effects in its profile says: cuts, swaps, drops or loses",
        "the cart page should have stopped it: compare limits in partner.yaml with the profile",
    ),
    Rule(
        "BUYER-056",
        "the cart breaks a rule that this system warns of",
        "does what limits.effects in its profile says: cuts, swaps, drops or loses",
        "see the rule in docs/reference/profiles.md",
        _WARNING,
    ),
    # -- the order against the cart
    Rule(
        "BUYER-060",
        "the order dropped what the cart said",
        "orders without it",
        "the buyer's order mapping leaves this field out; take it from the cart, not the order",
        _WARNING,
    ),
    Rule(
        "BUYER-061",
        "the order says something else than the cart",
        "orders something else than was offered",
        "compare the two documents; units, rounding and cut identifiers are the usual causes",
    ),
    Rule(
        "BUYER-062",
        "the order holds a line that the cart did not",
        "orders something that nobody chose",
        "compare the two documents",
    ),
    Rule(
        "BUYER-063",
        "the order lost a line of the cart",
        "orders less than the person chose",
        "compare the two documents",
    ),
    Rule(
        "BUYER-064",
        "another document under a used payloadID was accepted",
        "cannot know which of the two documents counts",
        "refuse it with status 409",
    ),
    # -- scripted journeys
    Rule(
        "BUYER-070",
        "the journey did not go as the script expects",
        "does not get as far as the script says",
        "the step's line and what was found say which",
    ),
)

RULES: Final = {rule.code: rule for rule in _TABLE}
