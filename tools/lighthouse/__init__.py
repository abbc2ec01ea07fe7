"""Lighthouse with packages of its own: they are large, and nothing else needs them."""
