"""A course for files that exist: what reference files tell of themselves, and the first draft that is made of it."""
