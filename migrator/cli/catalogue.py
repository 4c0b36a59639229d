"""`explain`, `rules` and `schema`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from migrator.cli import completion, options
from migrator.cli.output import Refusal, deliver, deliver_told
from migrator.rules import BY_CODE, BY_NAME, RULES
from migrator.values.nearest import hint, nearest

if TYPE_CHECKING:
    from migrator.rules.model import Rule


def explain(
    code: Annotated[
        list[str],
        typer.Argument(
            metavar="CODE|REPLY",
            help="A rule's code or name, such as H207, or a mail server's reply, such as \"535 5.7.139\".",
            autocompletion=completion.pages,
        ),
    ],
    *,
    output_format: options.OtherFormat = options.TextFormat.FULL,
    output_file: options.OutputFile = None,
    no_color: options.NoColor = False,
    _version: options.Version = False,
) -> None:
    """Show a rule's page, or what a mail server's reply means."""
    from migrator.reporters.catalogue import page_as_json, page_as_text

    text = " ".join(code).strip()
    rules = _rules_in(text)
    if not rules:
        _explain_reply(text, output_format, output_file, no_color=no_color)
        return
    if len(rules) > 1:
        raise Refusal(f"one rule has one page: `dmsmtp explain {rules[0].code}` shows the first of these")
    machine = output_format is options.TextFormat.JSON
    deliver_told(rules[0], page_as_text, page_as_json, output_file, machine=machine, no_color=no_color)


def _rules_in(text: str) -> list[Rule]:
    """The rules that a text names: nothing but rules, or a finding, which has its code in brackets."""
    words = re.findall(r"\[(\w+)\]", text) or re.split(r"[\s,;:]+", text)
    found = {word: BY_CODE.get(word.upper()) or BY_NAME.get(word.lower()) for word in words if word}
    rules = dict.fromkeys(found.values())
    return [one for one in rules if one is not None] if None not in rules else []


def _explain_reply(
    text: str, output_format: options.TextFormat, output_file: str | None, *, no_color: bool
) -> None:
    from migrator.replies import explain_reply
    from migrator.reporters.replies import as_json, as_text

    explanations = explain_reply(text)
    if not explanations:
        near = nearest(text, [*BY_CODE, *BY_NAME], limit=2)
        if near is None and len(text.split()) > 1:
            raise Refusal(
                "this is no rule, and no server's reply that is known: give the reply with its number, or a "
                "rule's code"
            )
        what_to_do = f'did you mean "{near}"?' if near is not None else "`dmsmtp rules` lists them all"
        raise Refusal(f'there is no rule "{text}"; {what_to_do}')
    machine = output_format is options.TextFormat.JSON
    deliver_told(explanations, as_text, as_json, output_file, machine=machine, no_color=no_color)


def rules(
    *,
    output_format: options.OtherFormat = options.TextFormat.FULL,
    output_file: options.OutputFile = None,
    no_color: options.NoColor = False,
    _version: options.Version = False,
) -> None:
    """List all rules, with their severity and what they find."""
    from migrator.reporters.catalogue import rules_as_json, rules_as_text

    machine = output_format is options.TextFormat.JSON
    deliver_told(RULES, rules_as_text, rules_as_json, output_file, machine=machine, no_color=no_color)


def schema(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="A schema's file name, such as smtp.xsd.",
            show_default=False,
            autocompletion=completion.schemas,
        ),
    ] = None,
    *,
    output_file: options.OutputFile = None,
    _version: options.Version = False,
) -> None:
    """Print a schema or table, or list those there are."""
    from migrator.definition import schema_names, schema_path

    names = schema_names()
    if name is None:
        deliver([f"{one}\n" for one in names], output_file, machine=False)
        return
    if name not in names:
        raise Refusal(f'there is no schema "{name}"; {hint(name, names, limit=6)}')
    deliver([schema_path(name).read_text(encoding="utf-8")], output_file, machine=True)
