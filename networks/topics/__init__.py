"""Topics: what a member is answered on, counted every night from tags and words of their posts.

Nothing of it goes into the score.
"""
