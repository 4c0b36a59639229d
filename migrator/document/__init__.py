"""Bytes to documents and back: encodings, spans, comments, edits. Nothing here knows what SMTP is."""
