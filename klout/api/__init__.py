"""What programs ask: `classic` as Klout's API was, for clients of that time."""
