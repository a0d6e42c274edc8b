"""List what can be wrong between a message and its effect, and what each code means.

Codes never change their meaning. Those of formats, mappings, orders and carts stand with them.
"""

from typing import Final

from canonical.faults import FaultKind, FaultTable, Severity

FAULTS: Final = (
    FaultKind(
        code="PIPELINE-001",
        title="the sender is not recognised",
        hint="identity, secret or receiver is wrong; our log says which, the answer never does",
    ),
    FaultKind(
        code="PIPELINE-002",
        title="this partner may not send this message",
        hint="allow it in the partner's file, or ask the partner not to send it",
    ),
    FaultKind(
        code="PIPELINE-003",
        title="this message id came before with another body",
        hint="a changed document needs an id of its own; a repeated one must not change",
    ),
    FaultKind(
        code="PIPELINE-004",
        title="this order came before under another message id",
        hint="send a change as an update, or a new order under a number of its own",
    ),
    FaultKind(
        code="PIPELINE-005",
        title="the order that is to be changed or cancelled is not known",
        hint="send the order first; its number must be the same",
    ),
    FaultKind(
        code="PIPELINE-006",
        title="no mapping reads this message",
        hint="a mapping for it can be added, see docs/reference/mapping-language.md",
    ),
    FaultKind(
        code="PIPELINE-007",
        title="an error of our own stopped this",
        hint="the log has the cause under the message's id; send it again later",
    ),
    FaultKind(
        code="PIPELINE-008",
        title="a name is too long to be kept exactly",
        hint="order numbers may have 150 characters, versions 40",
    ),
    FaultKind(
        code="PIPELINE-009",
        title="the interchange holds several messages where one is expected",
    ),
    FaultKind(
        code="PIPELINE-010",
        title="the core cannot be reached",
        severity=Severity.WARNING,
        hint="tried again by itself",
    ),
    FaultKind(
        code="PIPELINE-011",
        title="the core asks to come back later",
        severity=Severity.WARNING,
        hint="tried again by itself",
    ),
    FaultKind(
        code="PIPELINE-012",
        title="the core refuses this order",
        hint="correct the cause in the core, then: gateway messages replay ID",
    ),
    FaultKind(
        code="PIPELINE-013",
        title="another order stands in the core under our reference",
        hint="compare the two; reject this one, or cancel the other and replay",
    ),
    FaultKind(
        code="PIPELINE-014",
        title="all attempts failed",
        hint="when the cause is gone: gateway messages replay ID",
    ),
    FaultKind(
        code="PIPELINE-015",
        title="working on this message killed its worker again and again",
        hint="look at the worker's log before you replay it",
    ),
    FaultKind(
        code="PIPELINE-016",
        title="the order before it still waits",
        severity=Severity.WARNING,
        hint="it goes on when that order is released or refused",
    ),
    FaultKind(
        code="PIPELINE-017",
        title="the order that it changes never reached the core",
        hint="release or refuse that order first",
    ),
    FaultKind(
        code="PIPELINE-018",
        title="an order of this number came before in another version",
        hint="a repeated order would be delivered twice: release it only if it is meant, or reject "
        "it",
    ),
    FaultKind(
        code="PIPELINE-019",
        title="this partner is blocked",
        hint="set its state to testing or live in the partner's file",
    ),
    FaultKind(
        code="PIPELINE-024",
        title="a signed document cannot be judged here",
        hint="send it without a signature, with the shared secret or a CredentialMac",
    ),
    FaultKind(
        code="PIPELINE-025",
        title="too many wrong secrets",
        hint="wait a minute, and check the secret",
    ),
    FaultKind(
        code="PIPELINE-020",
        title="the partner's endpoint did not take the answer",
        severity=Severity.WARNING,
        hint="tried again by itself",
    ),
    FaultKind(
        code="PIPELINE-021",
        title="the partner says no to what we sent",
        hint="its words are on the timeline or in the archived answer; mend the cause, then: "
        "gateway messages replay ID",
    ),
    FaultKind(
        code="PIPELINE-022",
        title="no mapping writes this document",
        hint="a mapping for it can be added, see docs/reference/mapping-language.md",
    ),
    FaultKind(
        code="PIPELINE-023",
        title="the report names a message that we never sent to this partner",
        severity=Severity.WARNING,
        hint="expected the payload id of a message of ours; the report is kept, nothing else",
    ),
    FaultKind(
        code="PIPELINE-026",
        title="control numbers were skipped",
        severity=Severity.WARNING,
        hint="ask the partner whether they were sent; `gateway edi numbers` lists what is missing",
    ),
    FaultKind(
        code="PIPELINE-027",
        title="the control number comes behind a higher one",
        severity=Severity.NOTE,
    ),
    FaultKind(
        code="PIPELINE-028",
        title="the change does not fit the order",
        hint="a line to change or delete must be there, one to add must not",
    ),
    FaultKind(
        code="PIPELINE-029",
        title="the partner's acknowledgement is overdue",
        severity=Severity.WARNING,
        hint="ask whether it arrived, then: gateway messages replay ID sends it again",
    ),
    FaultKind(
        code="PIPELINE-030",
        title="too many interchanges in one post; none was taken in",
        hint="post them in parts, or drop the file in the folder that is agreed on",
    ),
)
fault: Final = FaultTable(FAULTS)
"""Make a fault of this table by its code."""
