"""What leaves the grader for other programs: grades in their formats, and pipelines that grade where they are."""
