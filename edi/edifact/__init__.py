"""Read and write UN/EDIFACT (ISO 9735, syntax versions 1 to 4).

Belongs here: what only EDIFACT has: separators and character sets, the envelope, the lexer and
writer, CONTRL and APERAK, and the directories as data. What X12 and flat files share is beside.
"""
