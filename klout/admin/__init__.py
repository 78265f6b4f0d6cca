"""The operator's pages: health, members, records to read, and a few acts that are all on record."""
