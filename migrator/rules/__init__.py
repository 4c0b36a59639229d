"""The registry: one line a rule. Codes and names are a promise; see CONTRIBUTING for how to add one."""

from __future__ import annotations

from migrator.diagnostic import Severity
from migrator.document.format import Format
from migrator.document.source import Fault
from migrator.rules import needs
from migrator.rules.model import Availability, Later, Rule

_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO
_SAFE, _UNSAFE, _BOTH = Availability.SAFE, Availability.UNSAFE, Availability.SOMETIMES_SAFE
_NONE = Availability.NONE
_XML, _JSON, _YAML = Format.XML, Format.JSON, Format.YAML


def _read(code: str, name: str, module: str, severity: Severity = _E, fix: Availability = _NONE) -> Rule:
    """A rule whose findings come from reading the file."""
    return Rule(code, name, severity, Later(module, name), fix, in_validate=True)


def _file(
    code: str,
    name: str,
    severity: Severity,
    module: str,
    fix: Availability = _NONE,
    *,
    validate: bool = False,
    need: int = needs.NOTHING,
) -> Rule:
    """A rule that looks at the whole configuration."""
    check = Later(module, name)
    return Rule(code, name, severity, check, fix, validate, check_file=check, need=need)


def _whole_file(code: str, name: str, severity: Severity, module: str, *, validate: bool = False) -> Rule:
    """A rule about the rest of DataMiner.xml, for `--whole-file`."""
    check = Later(module, name)
    return Rule(code, name, severity, check, _NONE, validate, check_file=check, whole_file_only=True)


def _section(
    code: str,
    name: str,
    severity: Severity,
    module: str,
    fix: Availability = _NONE,
    *,
    validate: bool = False,
    need: int = needs.NOTHING,
) -> Rule:
    """A rule that looks at the SMTP section."""
    check = Later(module, name)
    return Rule(code, name, severity, check, fix, validate, check_section=check, need=need)


def _in(code: str, name: str, severity: Severity, module: str, *, need: int) -> Rule:
    """A rule about a section that depends on the day, the target version or the tenant."""
    check = Later(module, name)
    return Rule(code, name, severity, check, check_in=check, need=need)


def _live(code: str, name: str, module: str, severity: Severity = _E, fix: Availability = _NONE) -> Rule:
    """A rule about what a server was seen to do, for the commands that connect to it."""
    check = Later(module, name)
    return Rule(code, name, severity, check, fix, check_live=check)


def _cluster(code: str, name: str, severity: Severity, module: str) -> Rule:
    """A rule about agents side by side, for the commands that look at a cluster."""
    check = Later(module, name)
    return Rule(code, name, severity, check, check_cluster=check)


def _only(rule: Rule, *formats: Format) -> Rule:
    """A rule about what the other formats do not have."""
    return rule._replace(formats=formats)


RULES: tuple[Rule, ...] = (
    _read("D001", "not-well-formed", "documents"),
    _only(_read("D002", "doctype-forbidden", "documents"), _XML),
    _read("D003", "undecodable", "documents"),
    _only(
        _file("D004", "duplicate-key", _E, "documents", validate=True, need=needs.MAPPING),
        *(_JSON, _YAML),
    ),
    _read("D005", "not-a-configuration", "documents"),
    _read("D006", "file-too-large", "documents"),
    _read("D007", "rule-crashed", "documents"),
    _only(_read("D008", "unused-suppression", "documents", _I, _SAFE), _XML, _YAML),
    _only(_read("D009", "invalid-suppression", "documents"), _XML, _YAML),
    _only(_read("D010", "unsupported-yaml", "documents"), _YAML),
    _section("S101", "unknown-setting", _E, "structure", _BOTH, validate=True, need=needs.UNUSUAL_OUTLINE),
    _only(
        _section("S102", "duplicate-setting", _E, "structure", validate=True, need=needs.UNUSUAL_OUTLINE),
        _XML,
    ),
    _file("S103", "missing-section", _W, "placement", need=needs.UNUSUAL_OUTLINE),
    _file(
        "S104",
        "duplicate-section",
        _E,
        "placement",
        validate=True,
        need=needs.UNUSUAL_OUTLINE,
    ),
    _file(
        "S105",
        "misplaced-section",
        _E,
        "placement",
        validate=True,
        need=needs.UNUSUAL_OUTLINE,
    ),
    _section("S106", "unexpected-attribute", _E, "structure", _UNSAFE, validate=True, need=needs.MARKUP),
    _section("S107", "unexpected-content", _E, "structure", validate=True, need=needs.MARKUP),
    _section("S108", "empty-setting", _I, "structure", _UNSAFE, need=needs.EMPTY_VALUE),
    _section(
        "S109",
        "surrounding-whitespace",
        _W,
        "structure",
        _SAFE,
        validate=True,
        need=needs.WHITE_SPACE,
    ),
    _only(
        _file(
            "S110",
            "foreign-namespace",
            _E,
            "placement",
            _SAFE,
            validate=True,
            need=needs.UNUSUAL_OUTLINE,
        ),
        _XML,
    ),
    _file("S111", "misspelled-section", _W, "placement", _UNSAFE),
    _whole_file("S112", "invalid-node", _W, "whole_file", validate=True),
    _whole_file("S113", "undocumented-node", _I, "whole_file"),
    _section("S114", "invisible-character", _E, "characters", need=needs.INVISIBLE),
    _section("H201", "missing-host", _E, "host", need=needs.UNUSUAL_HOST),
    _section("H202", "invalid-host", _E, "host", need=needs.UNUSUAL_HOST),
    _section("H203", "host-with-extras", _E, "host", _BOTH, need=needs.UNUSUAL_HOST),
    _section("H204", "invalid-host-port", _E, "transport", _UNSAFE, validate=True, need=needs.INVALID_PORT),
    _section("H205", "port-out-of-range", _E, "transport", validate=True, need=needs.INVALID_PORT),
    _section("H206", "redundant-port-suffix", _I, "transport", _SAFE, need=needs.UNUSUAL_PORT),
    _section("H207", "port-suffix-case", _E, "transport", _SAFE, validate=True, need=needs.INVALID_PORT),
    _section(
        "H208",
        "submission-without-starttls",
        _W,
        "transport",
        _UNSAFE,
        need=needs.CLEAR_TEXT,
    ),
    _section("H209", "implicit-tls-on-587", _W, "transport", _UNSAFE, need=needs.UNUSUAL_PORT),
    _section("H210", "starttls-on-465", _W, "transport", _UNSAFE, need=needs.UNUSUAL_PORT),
    _section("H211", "cleartext-transport", _W, "transport", need=needs.CLEAR_TEXT),
    _section("H212", "tls-disabled-on-465", _W, "transport", _UNSAFE, need=needs.CLEAR_TEXT),
    _section("H213", "address-with-tls", _I, "host", need=needs.UNUSUAL_HOST),
    _section("H214", "missing-host-port", _I, "transport", need=needs.CLEAR_TEXT),
    _section("H215", "non-canonical-port", _E, "transport", _SAFE, validate=True, need=needs.INVALID_PORT),
    _section("H216", "not-a-submission-port", _W, "transport", need=needs.OTHER_SERVICE),
    _section("H217", "underscore-in-host", _W, "host", need=needs.UNUSUAL_HOST),
    _section("A301", "unknown-login-method", _E, "login", _SAFE, validate=True, need=needs.INVALID_METHOD),
    _section("A302", "missing-login-method", _W, "login", need=needs.ADVISED_METHOD),
    _section("A303", "missing-user", _E, "login", need=needs.INCOMPLETE_LOGIN),
    _section("A304", "missing-password", _E, "login", need=needs.INCOMPLETE_LOGIN),
    _section("A305", "unused-credentials", _W, "login", _UNSAFE, need=needs.INCOMPLETE_LOGIN),
    _section("A306", "credentials-in-clear", _E, "login", need=needs.CLEAR_TEXT),
    _section("A307", "cram-md5-weak", _I, "login", need=needs.ADVISED_METHOD),
    _section("A308", "ntlm-deprecated", _I, "login", need=needs.ADVISED_METHOD),
    _section("A309", "auto-login-method", _I, "login", need=needs.ADVISED_METHOD),
    _section("O401", "missing-client-id", _E, "oauth", need=needs.INCOMPLETE_OAUTH),
    _section("O402", "missing-token-endpoint", _E, "oauth", need=needs.INCOMPLETE_OAUTH),
    _section("O403", "missing-client-secret", _E, "oauth", need=needs.INCOMPLETE_OAUTH),
    _section("O404", "oauth-without-tls", _E, "oauth", need=needs.CLEAR_TEXT),
    _section("O405", "unused-oauth-settings", _I, "oauth", need=needs.UNUSED_OAUTH),
    _section("O406", "insecure-token-endpoint", _E, "oauth", need=needs.OAUTH),
    _section("O407", "provider-mismatch", _E, "oauth", need=needs.KNOWN_ISSUER),
    _section("O408", "user-not-mailbox", _E, "oauth", need=needs.OAUTH),
    _section("O409", "microsoft-from-required", _E, "oauth", need=needs.KNOWN_ISSUER),
    _section("O410", "microsoft-from-differs", _W, "oauth", need=needs.PROVIDER),
    _section("O411", "malformed-client-id", _W, "oauth", need=needs.KNOWN_ISSUER),
    _in("P501", "microsoft-basic-auth", _E, "provider", need=needs.PROVIDER),
    _in("P502", "google-password", _W, "provider", need=needs.PROVIDER),
    _section("P503", "provider-port", _E, "provider", _UNSAFE, need=needs.PROVIDER),
    _section("P504", "provider-user", _W, "provider", _UNSAFE, need=needs.PROVIDER),
    _in("P505", "provider-login-method", _E, "provider", need=needs.PROVIDER),
    _section("M601", "invalid-from", _E, "message", need=needs.UNUSUAL_FROM),
    _section("M602", "missing-from", _I, "message", need=needs.UNUSUAL_FROM),
    _section("M603", "helo-not-fqdn", _W, "message", need=needs.UNUSUAL_HELO),
    _section(
        "M604", "invalid-max-subject-length", _E, "message", _SAFE, validate=True, need=needs.INVALID_LENGTH
    ),
    _section(
        "M605",
        "unusual-max-subject-length",
        _W,
        "message",
        need=needs.UNUSUAL_LENGTH,
    ),
    _section("M606", "from-with-display-name", _W, "message", _UNSAFE, need=needs.UNUSUAL_FROM),
    _section("M607", "international-from", _I, "message", need=needs.UNUSUAL_FROM),
    _section("X701", "plaintext-secret", _I, "secrets", need=needs.READABLE_SECRET),
    _section("X702", "placeholder-secret", _E, "secrets", need=needs.READABLE_SECRET),
    _section("X703", "secret-with-whitespace", _W, "secrets", need=needs.WHITE_SPACE),
    _section("X704", "unresolved-placeholder", _E, "secrets", need=needs.PLACEHOLDER),
    _section("X705", "example-value", _E, "secrets", need=needs.EXAMPLE),
    _only(_section("X706", "secret-cut-short", _W, "secrets", need=needs.MAPPING), _YAML),
    _in("V801", "login-method-too-new", _E, "versions", need=needs.TARGET),
    _in("V802", "setting-too-new", _E, "versions", need=needs.TARGET),
    _in("V803", "affected-release", _W, "versions", need=needs.TARGET),
    _cluster("C901", "agents-differ", _W, "cluster"),
    _cluster("C902", "failover-pair-differs", _E, "cluster"),
    _cluster("C903", "duplicate-agent", _W, "cluster"),
    _cluster("C904", "agent-without-section", _W, "cluster"),
    _cluster("C905", "copied-secret-reference", _W, "cluster"),
    _live("L101", "host-not-found", "conversation"),
    _live("L102", "connection-refused", "conversation"),
    _live("L103", "connection-timed-out", "conversation"),
    _live("L104", "wrong-transport", "encryption", _E, _UNSAFE),
    _live("L105", "starttls-not-offered", "encryption"),
    _live("L106", "tls-offered-unused", "encryption", _W, _UNSAFE),
    _live("L107", "tls-handshake-failed", "encryption"),
    _live("L108", "certificate-untrusted", "encryption"),
    _live("L109", "certificate-name-mismatch", "encryption"),
    _live("L110", "certificate-expires", "encryption"),
    _live("L111", "weak-tls", "encryption", _W),
    _live("L112", "login-method-not-offered", "admission"),
    _live("L113", "login-failed", "admission"),
    _live("L114", "sender-refused", "admission"),
    _live("L115", "recipient-refused", "admission"),
    _live("L116", "message-refused", "admission"),
    _live("L117", "not-smtp", "conversation"),
    _live("L118", "server-misbehaves", "conversation"),
    _live("L119", "smtputf8-not-offered", "admission"),
    _live("L120", "server-refuses", "conversation"),
)

BY_CODE = {rule.code: rule for rule in RULES}
BY_NAME = {rule.name: rule for rule in RULES}
FILE_RULES = tuple(rule for rule in RULES if rule.check_file is not None)
SHORT_FILE_RULES = tuple(rule for rule in FILE_RULES if not rule.whole_file_only)
LIVE_RULES = tuple(rule for rule in RULES if rule.check_live is not None)
CLUSTER_RULES = tuple(rule for rule in RULES if rule.check_cluster is not None)
OFFLINE_CODES = frozenset(BY_CODE) - {rule.code for rule in (*LIVE_RULES, *CLUSTER_RULES)}
"""The codes of what can be found in a file alone."""
NOT_A_CONFIGURATION, CRASHED = BY_CODE["D005"], BY_CODE["D007"]
NOT_READ = frozenset({BY_NAME[fault].code for fault in Fault}) | {NOT_A_CONFIGURATION.code}
"""The codes that say that a file could not be read as a configuration."""
NOT_CHECKED = NOT_READ | {CRASHED.code}
"""The same, and that dmsmtp failed on it."""
NO_SERVER_CODES = NOT_CHECKED | {
    *("D004", "S101", "S103", "S105", "S107", "S110", "S111"),
    *("H201", "H202", "H203", "H204", "H205", "X704"),
}
"""The codes of why a file may name no server that could be connected to."""
SECTION_RULES = tuple(rule for rule in RULES if rule.check_section is not None or rule.check_in is not None)
_OF_CLUSTER = NOT_CHECKED | {rule.code for rule in CLUSTER_RULES}


def codes_of_command(name: str) -> frozenset[str]:
    """The codes that a command can report; those of lint for a name that is none of these."""
    match name:
        case "validate":
            return frozenset(rule.code for rule in RULES if rule.in_validate)
        case "compare":
            return _OF_CLUSTER
        case _:
            return OFFLINE_CODES
