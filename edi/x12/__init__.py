"""Read and write ANSI ASC X12, versions 003040 to 008010.

Belongs here: what only X12 has: its separators and envelope, the lexer and writer, 997, 999 and
TA1, loops that nest by numbers in them, and the tables as data. What EDIFACT shares is beside.
"""
