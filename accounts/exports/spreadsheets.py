"""Cells of CSV files that no spreadsheet takes for a formula. Pure.

OWASP, "CSV Injection": a cell that begins with one of these may be run when the file is opened.
"""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before it where it could be run; `plain_cell` takes it off."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def plain_cell(cell: str) -> str:
    """What `safe_cell` was given."""
    return cell[1:] if cell.startswith("'") else cell
