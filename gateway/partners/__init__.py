"""Know the other companies: model, loader, identification and lint of their folders.

A partner is one folder of the workspace. Belongs here: the strict models of `partner.yaml`, reading
them with file:line, finding the partner of an envelope, checking credentials, and gathering the
shipped and the partner's own mappings. Nothing here talks to a database or a network.
"""
