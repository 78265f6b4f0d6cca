"""The pages of the pretend network."""
