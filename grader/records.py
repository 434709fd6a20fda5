"""The files that grading a class leaves: whoever writes, reads or recognizes them calls them by these names."""

RECORDS, GRADES, REPORT, GRADEBOOK = "verdicts.jsonl", "grades.csv", "report", "gradebook.sqlite"
ORIGIN = "gradebook.json"  # from which gradebook the records were written, and what it held then
