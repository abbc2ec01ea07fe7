"""Pure rules: no I/O, no framework (see README.md)."""
