"""The first start shows the main job: three members, linked, read, scored, with K to give."""
