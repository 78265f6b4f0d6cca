"""The calls, by what they are about. Each asks one selector or one service, once."""
