"""Judge documents by business rules: pure functions over documents and facts.

Belongs here: what is right or wrong in an order whatever format it came in. A rule opens
nothing and asks nobody: the caller gathers the facts (customer, products, prices) first. To add
one: a line in the rule table, a check that yields findings, and tests for both sides of it.
"""
