"""Keep the truth about every message: schema, migrations and all SQL of the gateway.

Belongs here: tables, statements, the group-commit writer and the payload archive; not when or
why they are used. One module a subject; parameters only, never SQL made of data.
"""
