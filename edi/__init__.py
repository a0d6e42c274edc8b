"""Read and write segment and record syntaxes: bytes in, rows and faults out, no I/O.

Belongs here: what EDIFACT, X12 and flat files share (`schema`: what a directory says of a message;
validation, shaping and explaining by it) and one folder a syntax (lexer, envelope, writer,
acknowledgement, tables). A syntax more is a folder more; siblings do not know each other.
"""
