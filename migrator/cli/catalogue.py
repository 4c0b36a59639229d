"""`explain`, `rules` and `schema`."""

from __future__ import annotations

from typing import Annotated

import typer

from migrator.cli import options
from migrator.cli.options import TextFormat
from migrator.cli.output import Refusal, deliver
from migrator.values.nearest import nearest


def explain(
    code: Annotated[str, typer.Argument(help="A rule's code or name, such as H207.")],
    output_format: options.OtherFormat = TextFormat.FULL,
) -> None:
    """Show a rule's page: what it finds, why it matters, what to do."""
    from migrator.reporters.catalogue import page_as_json, page_as_text
    from migrator.rules import BY_CODE, BY_NAME

    rule = BY_CODE.get(code.upper()) or BY_NAME.get(code.lower())
    if rule is None:
        near = nearest(code, [*BY_CODE, *BY_NAME], limit=2)
        hint = f'did you mean "{near}"?' if near is not None else "`dmsmtp rules` lists them all"
        raise Refusal(f'there is no rule "{code}"; {hint}')
    is_json = output_format is TextFormat.JSON
    deliver([page_as_json(rule) if is_json else page_as_text(rule)], None, machine=is_json)


def rules(output_format: options.OtherFormat = TextFormat.FULL) -> None:
    """List all rules with their severity and whether they have a fix."""
    from migrator.reporters.catalogue import rules_as_json, rules_as_text
    from migrator.rules import RULES

    is_json = output_format is TextFormat.JSON
    deliver([rules_as_json(RULES) if is_json else rules_as_text(RULES)], None, machine=is_json)


def schema(
    name: Annotated[
        str | None, typer.Argument(help="A schema's file name, such as smtp.xsd.", show_default=False)
    ] = None,
) -> None:
    """Print a schema; without a name, list those that there are."""
    from migrator.definition import schema_names, schema_path

    names = schema_names()
    if name is None:
        deliver([f"{one}\n" for one in names], None, machine=False)
        return
    if name not in names:
        near = nearest(name, names, limit=6)
        hint = f'did you mean "{near}"?' if near is not None else f"there are: {', '.join(names)}"
        raise Refusal(f'there is no schema "{name}"; {hint}')
    deliver([schema_path(name).read_text(encoding="utf-8")], None, machine=True)
