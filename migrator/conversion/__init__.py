"""From one format, or file, to another: a neutral tree, what writes it, and what writes it into a file."""
