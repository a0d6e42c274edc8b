"""Read and write cXML: envelope, credentials, MIME packages, statuses, form fields, DTDs.

Tolerant inward (what departs from the DTD is a warning, the shop opens all the same), exact
outward (what we send is composed for one partner's version and checked before it leaves). `codec`
is the entry; the other modules each know one chapter of the cXML User's Guide, and what only that
guide says belongs here. To add a message: its rules in `structure`, its DTD module in `vocabulary`
where that is not `cXML`, and its mapping in `mappings/cxml/`.
"""
