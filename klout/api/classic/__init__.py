"""Klout's API of 2010 to 2018: programs of that time work with nothing changed but the host.

What they send and expect is in `wire`; whom they get in `lookups`; how it is asked in `views`.
"""
