"""Play the procurement system: punch out, shop, order, and judge the answers.

Belongs here: the virtual buyer behind `gateway buyer` and `gateway demo`, which knows the gateway
only over HTTP.
"""
