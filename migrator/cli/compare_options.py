"""Options of `compare`, and groups of them. None: it was not given."""

from enum import StrEnum
from typing import Annotated

import typer

from migrator.cli import completion, options, report_options, rule_options
from migrator.cli.cluster_options import CLUSTER, Failover
from migrator.tuples import NamedTuple


class ClusterFormat(StrEnum):
    """Formats of a report on a cluster."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"
    MARKDOWN = "markdown"
    HTML = "html"


AgentPaths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH...",
        help="Files, folders or patterns, and DMS.xml [default: the agents of the configuration].",
        show_default=False,
    ),
]
Reference = Annotated[
    str | None,
    typer.Option(
        metavar="AGENT",
        callback=options.named,
        help="Compare with this agent, by name, ID or path, and not with what most have.",
        rich_help_panel=CLUSTER,
    ),
]
ClusterReportFormat = Annotated[
    ClusterFormat | None,
    typer.Option(
        "--output-format",
        metavar="FORMAT",
        help="full, markdown, html, concise, json, sarif, github, gitlab or junit.",
        rich_help_panel=options.OUTPUT,
    ),
]
ClusterReport = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        metavar="FORMAT=FILE",
        help="Write this report as well, such as html=cluster.html; may be repeated.",
        rich_help_panel=options.OUTPUT,
        autocompletion=completion.cluster_reports,
    ),
]
FailOnDifference = Annotated[
    rule_options.FailOn | None,
    typer.Option(
        "--fail-on",
        metavar="LEVEL",
        help="End with 1 from error, warning or info on, or never [default: warning, as agents that differ].",
        show_default=False,
        rich_help_panel=options.RULES,
    ),
]


class ClusterOptions(NamedTuple):
    """Who the agents of a cluster are to each other."""

    reference: Reference = None
    failover: Failover = None


class ClusterRuleOptions(NamedTuple):
    """Which rules count."""

    select: rule_options.Select = None
    extend_select: rule_options.ExtendSelect = None
    ignore: rule_options.Ignore = None
    fail_on: FailOnDifference = None
    config: rule_options.ConfigFile = None
    isolated: rule_options.Isolated = None


class ClusterReportOptions(NamedTuple):
    """What is reported of a cluster, how, and where to."""

    output_format: ClusterReportFormat = None
    output_file: options.OutputFile = None
    report: ClusterReport = None
    min_severity: report_options.MinSeverity = None
    quiet: options.Quiet = None
    no_color: options.NoColor = False
