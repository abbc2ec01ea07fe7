"""The shell every page stands in: templates, formats, errors, security headers, words for problems."""
