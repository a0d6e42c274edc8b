"""Show the shop: pages that a buyer walks through between setup and returned cart.

Belongs here: routes, templates and styles of the shop; what a page does is asked of
`gateway.punchout`. Every page works without script and without cookies.
"""
