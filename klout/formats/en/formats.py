"""3 October 2026, 14:05 CET. The zone is always said, since members choose theirs."""

SHORT_DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j F Y, H:i T"
SHORT_DATETIME_FORMAT = "j M Y, H:i T"
