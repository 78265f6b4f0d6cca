"""Everything about a member in one file, made in the background (docs/export.md)."""
