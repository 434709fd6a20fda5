"""The narrow door between referee and runner: what may cross it, and in what shape. Standard library only."""
