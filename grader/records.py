"""The files that grading a class leaves: whoever writes, reads or recognizes them calls them by these names."""

RECORDS, GRADES, GRADEBOOK = "verdicts.jsonl", "grades.csv", "gradebook.sqlite"
