"""The shapes of what is sent and answered. Each is made of what a selector found, by `of`."""
