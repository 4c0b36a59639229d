"""Sections in the files that they stand in: in DataMiner.xml, with more in them, in a namespace."""

from __future__ import annotations

from tests.rules.tables import section

NAMESPACE = "http://www.skyline.be/config/dataminer"
SMTP = section()


def inside(text: str, **settings: str | None) -> str:
    """An ordinary section that ends with something else."""
    return section(**settings).replace("</SMTP>", f"{text}</SMTP>")


def dataminer(*parts: str, attributes: str = 'id="7"') -> str:
    """A DataMiner.xml with these parts."""
    return "\n".join([f"<DataMiner {attributes}>", *parts, "</DataMiner>"])


def in_default(text: str) -> str:
    """The text with DataMiner's namespace as the default one of its root."""
    head, tag, rest = text.partition("<DataMiner" if "<DataMiner" in text else "<SMTP")
    return f'{head}{tag} xmlns="{NAMESPACE}"{rest}'


def in_prefix(text: str) -> str:
    """The text with DataMiner's namespace as the prefix of all its elements."""
    kept = text.replace("<!--", "\0").replace("<?", "\1")
    prefixed = kept.replace("</", "\2").replace("<", "<d:").replace("\2", "</d:")
    prefixed = prefixed.replace("<d:«", "<«d:").replace("</d:«", "</«d:")
    text = prefixed.replace("\0", "<!--").replace("\1", "<?")
    head, tag, rest = text.partition("<d:DataMiner" if "<d:DataMiner" in text else "<d:SMTP")
    return f'{head}{tag} xmlns:d="{NAMESPACE}"{rest}'
