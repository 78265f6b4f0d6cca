"""The API of today: what a member's own programs, and applications they let in, can read and do.

`operations` is how every call is asked and answered; the rest is one module for each part.
"""
