"""Lead a buyer from setup to returned cart.

Belongs here: sessions, the start link, the cart and its return, for every punchout protocol; not
pages (`gateway.web.shop`) and not wire formats.
"""
