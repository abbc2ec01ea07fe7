"""What `make` calls: nothing in here is part of the installed program."""
