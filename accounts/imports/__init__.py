"""An export of another site, brought here by its owner: looked at, then taken over.

What it says is history. Nothing in it becomes a score, a K, a linked account or a credential here.
"""
