"""Why nobody can go on: what each task and thread waits for, in words and with its line."""
