"""The examples of docs/conversion.md are what the program writes."""

from __future__ import annotations

import re
from pathlib import Path

from migrator.conversion.convert import OutputFormat
from migrator.conversion.secrets import Secrets
from tests.conversion.comparing import converted

PAGE = Path(__file__).resolve().parents[2] / "docs" / "conversion.md"


def test_the_examples_of_the_page() -> None:
    blocks = {language: [""] for language in ("xml", "yaml", "json", "text")}
    for language, text in re.findall(
        r"^```(xml|yaml|json|text)\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    ):
        blocks[language] = [*blocks[language], text]
    section, whole_file = (text.encode() for text in blocks["xml"][1:])
    schema, secrets = "smtp.schema.json", Secrets.ENV

    found = [
        converted("a.xml", section, OutputFormat.YAML, schema=schema, secrets=secrets),
        converted("a.xml", whole_file, OutputFormat.YAML, whole_file=True),
        converted("a.xml", section, OutputFormat.JSON, schema=schema, secrets=secrets),
        converted("a.xml", section, OutputFormat.SLNET),
    ]

    expected = [*blocks["yaml"][1:], *blocks["json"][1:], *blocks["text"][1:]]
    assert [(one.document or b"").decode() for one in found] == expected
    assert converted("a.yaml", expected[1].encode(), OutputFormat.XML, whole_file=True).document
