"""How the site does, for those who run it: figures, traces and faults. docs/watching.md."""
