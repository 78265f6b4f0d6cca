"""Pictures drawn on the server, in our own letters."""
