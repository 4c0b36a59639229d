"""How dmsmtp compares with other programs, measured side by side: `make bench`."""
