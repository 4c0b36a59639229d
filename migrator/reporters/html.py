"""What the HTML pages share: text that is no markup, and a head that lets nothing be loaded or sent."""

from __future__ import annotations

from html import escape

from migrator.values.secret import printable


def escaped(text: str) -> str:
    """A text as it may stand between tags, or in the quotes of an attribute."""
    return escape(printable(text))


def head(title: str, style: str, *, has_script: bool = False) -> str:
    """A page up to and with its heading; it loads nothing and sends nothing, whatever stands in it."""
    script = "script-src 'unsafe-inline'; " if has_script else ""
    policy = f"default-src 'none'; style-src 'unsafe-inline'; {script}form-action 'none'; base-uri 'none'"
    heading = escaped(title)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{heading}</title>\n<style>{style}</style>\n</head>\n<body>\n<h1>{heading}</h1>\n"
    )
