"""`pytest exercises/NN_slug` runs an exercise: an item for each entry and case, whose failure is the feedback."""
