"""Ways to call each command, with what may hold a secret afterwards: the documents that were asked for."""

from __future__ import annotations

from typing import NamedTuple

from migrator.cli.compare_options import ClusterFormat
from migrator.cli.file_formats import FileFormat
from migrator.cli.migrate import MigrationFormat
from migrator.cli.options import TextFormat
from migrator.cli.report_options import ReportFormat
from migrator.conversion.convert import OutputFormat
from migrator.conversion.presets import Preset
from migrator.conversion.secrets import Secrets

STDOUT, STDERR = "standard output", "standard error"
FILE = "{}"
"""Stands for the file that holds secrets."""


class Way(NamedTuple):
    """One call of the command.

    `holds` are the channels that may hold secrets, and `keeps` those that may hold what is none by itself, as
    a converted comment is: names of files, patterns, or standard output. The file itself always may.
    """

    arguments: str
    holds: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    stdin: str = ""
    files: tuple[tuple[str, str], ...] = ()
    env: tuple[tuple[str, str], ...] = ()


OTHER = """<?xml version="1.0" encoding="utf-8"?>
<DataMiner id="8">
  <DMA><DMAName>Agent 8</DMAName></DMA>
  <SMTP>
    <!-- «~of-other» -->
    <Host>relay.example.com</Host>
    <HostPort>25</HostPort>
    <LoginMethod>AuthLoginMethod</LoginMethod>
    <User>dma8@example.com</User>
    <Password>«other»</Password>
    <From>dma8@example.com</From>
    <Helo>agent8.example.com</Helo>
  </SMTP>
</DataMiner>
"""
SOURCE = """SMTP:
  Host: smtp.example.com
  HostPort: '465'
  LoginMethod: AuthLoginMethod
  User: dma@example.com
  Password: {}
  From: dma@example.com
"""
_OTHER = (("other/DataMiner.xml", OTHER),)
_THIRD = (
    *_OTHER,
    ("third/DataMiner.xml", OTHER.replace("«other»", "«third»").replace("25<", "587-starttls<")),
)
_SOURCE = (("source.smtp.yaml", SOURCE.format('"«source»"')),)
_VARIABLE = (("source.smtp.yaml", SOURCE.format('"x${env:OF_THE_TEST}"')),)
_KNOWN = (("known.json", '{"version": 1, "entries": []}'),)
_REPORTS = " ".join(f"--report {one}=report.{one}" for one in ReportFormat)
_CLUSTER_REPORTS = " ".join(f"--report {one}=report.{one}" for one in ClusterFormat)
_BAK = ("*.bak", "*/*.bak")
_AGENTS = ("other/*", "third/*")
_SERVER = "--timeout 2"


def _checking(command: str, letters: str) -> list[Way]:
    return [
        Way(f"{command} --whole-file {_REPORTS} {FILE}"),
        Way(f"{command} --select {letters} {FILE}", env=(("FORCE_COLOR", "1"),)),
        *(Way(f"{command} --output-format {one} -", stdin=FILE) for one in ReportFormat),
        Way(f"{command} --max-nodes 5 --max-depth 2 --max-size 3000 {FILE}"),
    ]


def _lint() -> list[Way]:
    return [
        *_checking("lint", "D,S,H,A,M,O,P,V,X"),
        Way(f"lint {_REPORTS} {FILE}"),
        Way(f"lint --statistics --quiet --no-color {FILE}"),
        Way(f"lint --min-severity error --fail-on never -o report {FILE}"),
        Way(f"lint --show-settings {FILE}"),
        Way(f"lint --show-files {FILE}"),
        Way(f"lint --isolated --target-version 10.6.4 --as-of 2026-05-01 {FILE}"),
        Way(f"lint --fix {FILE}", holds=_BAK),
        Way(f"lint --fix --unsafe-fixes --no-backup --output-format json {FILE}"),
        Way("lint --fix -", stdin=FILE, holds=(STDOUT,)),
        Way(f"lint --diff {FILE}"),
        Way(f"lint --diff --unsafe-fixes {FILE}"),
        Way("lint --diff --unsafe-fixes -", stdin=FILE, env=(("FORCE_COLOR", "1"),)),
        Way(f"lint --extend-select X --ignore H207 --jobs 1 --exclude no* --force-exclude {FILE}"),
        Way("lint --include *.xml --include *.json --include *.yaml --output-format json ."),
        Way("lint --files-from -", stdin=f"{FILE}\n"),
        Way("lint --stdin-filename other.smtp.xml -", stdin=FILE),
        Way(f"lint --write-baseline known.json --whole-file {FILE}"),
        Way(f"lint --baseline known.json {FILE}", files=_KNOWN),
        Way(f"lint --no-baseline --exit-non-zero-on-fix --fix {FILE}", files=_KNOWN, holds=_BAK),
    ]


def _convert() -> list[Way]:
    ways = [
        Way(
            f"convert --format {one} --secrets {secrets.value} {options} {FILE}",
            holds=(STDOUT,) if secrets is Secrets.KEEP else (),
            keeps=(STDOUT,),
        )
        for one in OutputFormat
        for secrets in Secrets
        if one.holds_variables or secrets is not Secrets.ENV
        for options in ("--strict", "--force", *(() if one.is_message else ("--whole-file",)))
    ]
    for secrets in Secrets:
        holds = ("new.json",) if secrets is Secrets.KEEP else ()
        ways.append(
            Way(f"convert -o new.json --secrets {secrets.value} {FILE}", holds=holds, keeps=("new.json",))
        )
    ways += [
        Way(f"convert --format xml --input-format {one} --namespace {FILE}", holds=(STDOUT,))
        for one in FileFormat
    ]
    for one in FileFormat:
        new = f"new.smtp.{one}"
        there = ((new, "" if one is FileFormat.XML else SOURCE.format('"«there»"')),)
        ways.append(Way(f"convert -o {new} --diff --force {FILE}", files=there, holds=(new,), keeps=(new,)))
    return [
        *ways,
        Way(f"convert --format yaml --schema smtp.schema.json --keep-order {FILE}", holds=(STDOUT,)),
        Way(f"convert --format json --output-dir . {FILE}", holds=("*.smtp.json",)),
        Way(
            f"convert --into other/DataMiner.xml {FILE}", files=_OTHER, holds=("other/*",), keeps=("other/*",)
        ),
        Way(f"convert --into other/DataMiner.xml --diff --force {FILE}", files=_OTHER, holds=("other/*",)),
        Way(f"convert --into {FILE} source.smtp.yaml", files=_SOURCE, holds=("source*", *_BAK)),
        Way(
            f"convert --into {FILE} --diff --secrets omit source.smtp.yaml", files=_SOURCE, holds=("source*",)
        ),
        Way(
            f"convert --into {FILE} --diff source.smtp.yaml", files=_VARIABLE, env=(("OF_THE_TEST", "«env»"),)
        ),
    ]


def _migrate() -> list[Way]:
    return [
        *(Way(f"migrate --to 10.6.4 --output-format {one} {FILE}") for one in MigrationFormat),
        *(Way(f"migrate --to 10.6.4 --unsafe-fixes --output-format {one} {FILE}") for one in MigrationFormat),
        Way(f"migrate --to 10.6.4 --diff {FILE}", env=(("FORCE_COLOR", "1"),)),
        Way(f"migrate --to 10.6.4 --check {FILE}"),
        Way(f"migrate --to 10.6.4 --from 10.3.0 --namespace remove --write -o report {FILE}", holds=_BAK),
        Way("migrate --to 10.6.4 --write -", stdin=FILE, holds=(STDOUT,)),
        Way(f"migrate --to 10.6.4 --secrets keep --namespace keep {FILE}"),
        Way(f"migrate --to 10.6.4 --secrets env {FILE}"),
        Way(f"migrate --to 10.6.4 --secrets env --write {FILE}", holds=_BAK),
        Way(
            f"migrate --to 10.6.4 --output-format html {FILE} other/DataMiner.xml",
            files=_OTHER,
            holds=_AGENTS,
        ),
        Way("migrate --list"),
    ]


def _new() -> list[Way]:
    custom = "new custom --no-input --host smtp.example.com --host-port 465 --login-method AuthLoginMethod"
    custom += " --user dma@example.com --from dma@example.com"
    password = (("DMSMTP_PASSWORD", "«env»"),)
    return [
        *(Way(f"{custom} --format {one}", env=password, holds=(STDOUT,)) for one in FileFormat),
        Way(f"{custom} --password-stdin -o new.xml", stdin="«typed»\n", holds=("new.xml",)),
        Way(f"{custom} --into {FILE}", env=password, holds=_BAK),
        Way(f"{custom} --into {FILE} --diff", env=password),
        Way(f"{custom} --max-subject-length 70 --helo «env»", env=password, holds=(STDOUT,)),
        *(
            Way(f"new {one} --no-input --user dma@example.com --into {FILE} --diff", env=password)
            for one in (f"{Preset.MICROSOFT} --tenant-id example.com", Preset.GOOGLE)
        ),
    ]


def _compare() -> list[Way]:
    both = f"{FILE} other/DataMiner.xml"
    return [
        Way(f"compare {_CLUSTER_REPORTS} {both}", files=_OTHER, holds=_AGENTS),
        *(
            Way(f"compare --output-format {one} {both} third", files=_THIRD, holds=_AGENTS)
            for one in ClusterFormat
        ),
        Way(f"compare --reference other/DataMiner.xml {both}", files=_OTHER, holds=_AGENTS),
        Way(
            f"compare --failover {FILE}=other/DataMiner.xml --timeout 60 --min-severity error {both}",
            files=_OTHER,
            holds=_AGENTS,
        ),
        Way(f"compare --show-files {both}", files=_OTHER, holds=_AGENTS),
    ]


def _apply() -> list[Way]:
    variable = (("OF_THE_TEST", "«env»"),)
    ways = [
        Way(
            f"apply --output-format {one} {arguments}", files=files, env=variable, holds=(*_AGENTS, "source*")
        )
        for one in TextFormat
        for arguments, files in (
            (f"{FILE} other third", _THIRD),
            (f"source.smtp.yaml {FILE} other", (*_SOURCE, *_OTHER)),
            (f"source.smtp.yaml {FILE} other", (*_VARIABLE, *_OTHER)),
        )
    ]
    return [
        *ways,
        Way(f"apply --only User,Password --diff {FILE} other", files=_OTHER, holds=_AGENTS),
        Way(
            f"apply --except Host --replace Helo --replace LoginMethod {FILE} other",
            files=_OTHER,
            holds=_AGENTS,
        ),
        Way(f"apply --write {FILE} other", files=_OTHER, holds=_AGENTS),
        Way(
            f"apply --write source.smtp.yaml {FILE} other",
            files=(*_SOURCE, *_OTHER),
            holds=(*_AGENTS, "source*", *_BAK),
        ),
        Way(
            f"apply --write --ask-secrets source.smtp.yaml {FILE}",
            files=_SOURCE,
            stdin="«typed»\n",
            holds=("source*", *_BAK),
        ),
        Way(
            f"apply --rollback {FILE} other",
            files=((f"{FILE}.20260101T000000Z.bak", OTHER), *_OTHER),
            holds=(*_AGENTS, *_BAK),
        ),
        Way(f"apply --rollback --write {FILE}", files=((f"{FILE}.20260101T000000Z.bak", OTHER),), holds=_BAK),
    ]


_PASSWORDS = (("DMSMTP_PASSWORD", "«env»"), ("DMSMTP_CLIENT_SECRET", "«env-client»"))
_TOKENS = (("tokens.json", '{"access_token": "«kept»", "refresh_token": "«kept-too»"}'),)


def _probe() -> list[Way]:
    return [
        *(Way(f"probe {_SERVER} --output-format {one} {FILE}", env=_PASSWORDS) for one in ReportFormat),
        Way(
            f"probe {_SERVER} --login --verbose --token-file tokens.json {FILE}",
            env=_PASSWORDS,
            files=_TOKENS,
            holds=("tokens*",),
        ),
        Way(f"probe {_SERVER} --diff --unsafe-fixes {FILE}"),
        Way(f"probe {_SERVER} --fix {FILE}", holds=_BAK),
    ]


def _check() -> list[Way]:
    return [
        Way(f"check {_SERVER} --login --verbose --output-format {one} {FILE}", env=_PASSWORDS)
        for one in TextFormat
    ]


def _send() -> list[Way]:
    send = "send-test-email --to noc@example.com"
    return [
        *(
            Way(f"{send} {_SERVER} --verbose --output-format {one} {FILE}", env=_PASSWORDS)
            for one in ReportFormat
        ),
        Way(f"{send} {_SERVER} --password-stdin -o report {FILE}", stdin="«typed»\n"),
        Way(f"{send} --dry-run {FILE}"),
    ]


def _retrieve() -> list[Way]:
    ways = [
        Way(
            f"retrieve-tokens {_SERVER} --wait 0.01 {way} --output-format {one} {FILE}",
            env=_PASSWORDS,
        )
        for one in TextFormat
        for way in ("--no-browser", "--device-code", "--with-client-secret")
    ]
    kept = f"retrieve-tokens {_SERVER} --wait 0.01 --token-file tokens.json {FILE}"
    return [*ways, Way(kept, files=_TOKENS, holds=("tokens*",))]


LIVE = (
    "probe --login --verbose --output-format {format} --ca-file {ca_file} {file}",
    "check --login --verbose --output-format {format} --ca-file {ca_file} {file}",
    "send-test-email --to noc@example.com --verbose --output-format {format} --ca-file {ca_file} {file}",
)
"""Calls for a mail server that says what it should not."""

_ISSUER = "retrieve-tokens --issuer {issuer} --client-id client --scope mail --with-client-secret"
LIVE_TOKENS = (
    f"{_ISSUER} --output-format {{format}} --redirect-uri http://127.0.0.1 --token-file tokens.json",
    f"{_ISSUER} --output-format {{format}} --device-code --send-to a@example.com --allow-cleartext {{file}}",
)
"""Calls for a provider of tokens."""

WAYS: dict[str, list[Way]] = {
    "validate": _checking("validate", "D,S,H"),
    "lint": _lint(),
    "describe": [Way(f"describe --output-format {one} {FILE}") for one in TextFormat]
    + [Way("describe -", stdin=FILE, env=(("FORCE_COLOR", "1"),))],
    "convert": _convert(),
    "migrate": _migrate(),
    "new": _new(),
    "compare": _compare(),
    "apply": _apply(),
    "probe": _probe(),
    "check": _check(),
    "send-test-email": _send(),
    "retrieve-tokens": _retrieve(),
    "explain": [Way(f"explain --output-format {one} H203", env=_PASSWORDS) for one in TextFormat],
    "rules": [Way(f"rules --output-format {one}", env=_PASSWORDS) for one in TextFormat],
    "schema": [Way("schema smtp.schema.json", env=_PASSWORDS)],
}
