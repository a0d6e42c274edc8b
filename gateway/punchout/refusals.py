"""Say no to a document in one way: the verdict, the faults, and both as text for the sender."""

import dataclasses

from msgspec.structs import replace

from canonical.faults import Fault, sentence
from canonical.punchout import ItemQuery, PunchoutSetup
from canonical.wire import Verdict
from gateway.errors import CoreBusyError, CoreError
from gateway.partners.model import Partner
from gateway.pipeline.contract import Outcome
from gateway.punchout.faults import fault
from gateway.punchout.return_url import ReturnRules, check_return_url, shown_address


def refuse(verdict: Verdict, *faults: Fault) -> Outcome:
    """Return the outcome that refuses a document with these faults."""
    told = "\n".join(dict.fromkeys(sentence(one) for one in faults))
    return Outcome(verdict=verdict, faults=faults, detail=told)


def without_core(error: CoreError) -> Outcome:
    """Return the outcome of a question that the core did not answer."""
    busy = isinstance(error, CoreBusyError)
    return refuse(Verdict.BUSY if busy else Verdict.CORE_UNREACHABLE, fault("PUNCHOUT-007"))


def unknown_customer(partner: Partner) -> Outcome:
    """Return the outcome for a partner whose customer number the core does not know."""
    return refuse(Verdict.MISCONFIGURED, fault("PUNCHOUT-006", found=partner.customer))


def return_rules(partner: Partner) -> ReturnRules:
    """Return what a partner's file says of return addresses."""
    terms = partner.punchout
    return ReturnRules(terms.return_hosts, terms.allow_http, terms.allow_sapevent)


def unfit_address(partner: Partner, asked: PunchoutSetup | ItemQuery) -> Outcome | None:
    """Return the outcome that refuses a return address, or None for one that may be used.

    Of a refused one only that is kept which is no secret: some have a password in them.
    """
    address = check_return_url(asked.return_url, return_rules(partner))
    if not isinstance(address, Fault):
        return None
    kept = replace(asked, return_url=shown_address(asked.return_url or "") or None)
    return dataclasses.replace(refuse(Verdict.INVALID, address), kept=kept)
