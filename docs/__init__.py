"""Hold the documentation, and the program that writes its reference pages from the code.

Belongs here: prose in folders by purpose (tutorial, how-to, reference, explanation, adr) and
`generate`, one function a page.
"""
