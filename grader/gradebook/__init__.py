"""The gradebook: where a class's results are kept, in SQLite or PostgreSQL; what was once written there is never lost."""
