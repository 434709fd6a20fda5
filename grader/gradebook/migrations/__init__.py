"""How a gradebook of each older form becomes one of the next."""
