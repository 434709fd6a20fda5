"""What stands in the standard library's place: time, calls that block, calls that are refused."""
