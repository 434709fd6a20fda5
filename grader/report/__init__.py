"""The report of a class: a folder of pages that needs no network, no server and no script."""

FIRST = "index.html"  # the page to open
