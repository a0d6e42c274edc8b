"""Answer HTTP: partners' messages, the shop, the interface for programs.

Belongs here: routes, pages and their security headers; what they do is asked of the layers below.
"""
