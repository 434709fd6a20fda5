"""What a program leaves lying about, found and named with its lines: see `hygiene`."""
