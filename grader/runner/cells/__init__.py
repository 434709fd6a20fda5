"""The cells of a notebook that somebody wrote by hand, played one after the other as a kernel plays them, and marked."""
