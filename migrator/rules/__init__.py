"""The registry: one line a rule. Codes and names are a promise; see CONTRIBUTING for how to add one."""

from __future__ import annotations

from migrator.diagnostic import Severity
from migrator.rules import documents, structure
from migrator.rules.model import Availability, FileCheck, Rule, SectionCheck

_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO
_SAFE, _UNSAFE, _BOTH = Availability.SAFE, Availability.UNSAFE, Availability.SOMETIMES_SAFE
_NONE = Availability.NONE


def _read(code: str, name: str, page: object) -> Rule:
    """A rule whose findings come from reading the file."""
    return Rule(code, name, Severity.ERROR, page, in_validate=True)


def _file(
    code: str,
    name: str,
    severity: Severity,
    check: FileCheck,
    fix: Availability = _NONE,
    *,
    validate: bool = False,
) -> Rule:
    """A rule that looks at the whole configuration."""
    return Rule(code, name, severity, check, fix, validate, check_file=check)


def _section(
    code: str,
    name: str,
    severity: Severity,
    check: SectionCheck,
    fix: Availability = _NONE,
    *,
    validate: bool = False,
) -> Rule:
    """A rule that looks at the SMTP section."""
    return Rule(code, name, severity, check, fix, validate, check_section=check)


RULES: tuple[Rule, ...] = (
    _read("D001", "not-well-formed", documents.not_well_formed),
    _read("D002", "doctype-forbidden", documents.doctype_forbidden),
    _read("D003", "undecodable", documents.undecodable),
    _read("D005", "not-a-configuration", documents.not_a_configuration),
    _read("D006", "file-too-large", documents.file_too_large),
    _read("D007", "rule-crashed", documents.rule_crashed),
    _section("S101", "unknown-setting", _E, structure.unknown_setting, _BOTH, validate=True),
    _section("S102", "duplicate-setting", _E, structure.duplicate_setting, validate=True),
    _file("S103", "missing-section", _W, structure.missing_section),
    _file("S104", "duplicate-section", _E, structure.duplicate_section, validate=True),
    _file("S105", "misplaced-section", _E, structure.misplaced_section, validate=True),
    _section("S106", "unexpected-attribute", _E, structure.unexpected_attribute, _UNSAFE, validate=True),
    _section("S107", "unexpected-content", _E, structure.unexpected_content, validate=True),
    _section("S108", "empty-setting", _I, structure.empty_setting, _UNSAFE),
    _section("S109", "surrounding-whitespace", _W, structure.surrounding_whitespace, _SAFE, validate=True),
    _file("S110", "foreign-namespace", _E, structure.foreign_namespace, _SAFE, validate=True),
    _file("S111", "misspelled-section", _W, structure.misspelled_section, _UNSAFE),
)

BY_CODE = {rule.code: rule for rule in RULES}
BY_NAME = {rule.name: rule for rule in RULES}
FILE_RULES = tuple(rule for rule in RULES if rule.check_file is not None)
SECTION_RULES = tuple(rule for rule in RULES if rule.check_section is not None)
