"""Connecting to a mail server: what it is, what it offers, whether it lets us in and takes a mail."""
