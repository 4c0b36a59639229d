"""From one format, or file, to another."""
