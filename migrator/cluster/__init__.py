"""The agents of a cluster side by side: read, paired, compared. Nothing here prints."""
