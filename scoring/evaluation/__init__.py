"""How the rule does on real data: agreement with human judges, and attacks on real graphs.

Everything goes through the real code path: members, linked accounts, readings, reactions and
outreach in the database, then the recompute. It happens apart from an operator's data and leaves
nothing behind (see `apart`).
"""
