"""What is measured, and the page that it is written to: `make bench` and `make bench-clock`."""
