"""The rule, the nightly recompute, history and explanations."""
