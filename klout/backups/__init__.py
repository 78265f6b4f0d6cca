"""Backups of the database that prove themselves, and putting one back."""
