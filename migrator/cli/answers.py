"""The answers that `new` makes a section of: what is asked for, and what lint says of them."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from migrator import definition
from migrator.checking import CheckSettings, check
from migrator.cli.file_formats import FileFormat
from migrator.cli.output import Refusal, deliver, say
from migrator.conversion.into import NotRewritten, as_literal, write_settings
from migrator.conversion.presets import (
    Answers,
    Preset,
    contradiction,
    filled_in,
    needs_password,
    questions,
    settings,
    wrong_id,
)
from migrator.diagnostic import Severity
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from migrator.conversion.presets import Question
    from migrator.diagnostic import Diagnostic

STAND_IN = "00000000-0000-4000-8000-000000000000"
"""What is judged in the place of a password that is not known yet."""

_OPTIONS = {
    "host": "--host",
    "host_port": "--host-port",
    "login_method": "--login-method",
    "user": "--user",
    "sender": "--from",
    "tenant": "--tenant-id",
    "client_id": "--client-id",
}
_SETTINGS = {
    "host": "Host",
    "host_port": "HostPort",
    "login_method": "LoginMethod",
    "user": "User",
    "sender": "From",
    "helo": "Helo",
    "max_subject_length": "MaxSubjectLength",
}
_ANY_HOST = "localhost"  # while none is known: nothing is wrong with it, or in clear text on the way to it
_NO_LOGIN_METHOD = "A302"  # which is Cube's to write, where it sets up OAuth
_SKELETONS = {
    FileFormat.XML: f"<{definition.SECTION}/>\n",
    FileFormat.JSON: "{}\n",
    FileFormat.YAML: "{}\n",
}


class Judge(NamedTuple):
    """What lint says of answers to a preset; `look` is what it looks for."""

    preset: Preset
    look: CheckSettings

    def findings(self, format_: FileFormat, document: bytes) -> list[Diagnostic]:
        """What lint says of a section."""
        found = check(f"new.{format_}", document, self.look).diagnostics
        return [one for one in found if not (self.preset.uses_oauth and one.code == _NO_LOGIN_METHOD)]

    def wrong(self, typed: Answers) -> list[Diagnostic]:
        """What is wrong with the answers that were typed, whatever else will be answered."""
        known = typed if typed.host or self.preset.uses_oauth else typed._replace(host=_ANY_HOST)
        found = self._errors(known)
        if isinstance(found, NotRewritten):
            raise Refusal(f"{found.message}; {found.help}")
        places = {f"SMTP/{setting}" for name, setting in _SETTINGS.items() if getattr(typed, name)}
        if self.preset.uses_oauth and typed.user:
            places.add("SMTP/From")
        return [one for one in found if one.place in places]

    def fault(self, answers: Answers, name: str, answer: str) -> str | None:
        """Why an answer will not do, beside those before it; None where it will."""
        said = answers._replace(**{name: answer})
        reason = wrong_id(self.preset, name, answer) or contradiction(self.preset, said)
        setting = _SETTINGS.get(name)
        if reason is not None or setting is None:
            return reason
        if self.preset.uses_oauth and name == "user":
            setting, said = "From", said._replace(sender="")  # which is the mailbox then
        found = self._errors(said)
        if isinstance(found, NotRewritten):
            return f"{found.message}; {found.help}"
        from migrator.reporters.findings import told

        return next((told(one) for one in found if one.place == f"SMTP/{setting}"), None)

    def _errors(self, said: Answers) -> list[Diagnostic] | NotRewritten:
        """What lint calls an error in a section of these answers, or why none can be made of them."""
        said = filled_in(self.preset, said)
        password = STAND_IN if needs_password(self.preset, said) else ""
        document = written(FileFormat.XML, settings(self.preset, said._replace(password=password)))
        if isinstance(document, NotRewritten):
            return document
        return [one for one in self.findings(FileFormat.XML, document) if one.severity is Severity.ERROR]


def sensible(preset: Preset, answers: Answers) -> Answers:
    """The answers, where they can be meant so."""
    reason = contradiction(preset, answers)
    if reason is not None:
        raise Refusal(reason)
    for name in ("tenant", "client_id"):
        reason = wrong_id(preset, name, getattr(answers, name))
        if reason is not None:
            raise Refusal(f"{_OPTIONS[name]}: {reason}")
    return answers


def asked(judge: Judge, answers: Answers, *, may_ask: bool) -> Answers:
    """The answers with what else is needed: asked for at a terminal, or the defaults."""
    seen: set[str] = set()
    while True:
        question = next((one for one in questions(judge.preset, answers) if one.field not in seen), None)
        if question is None:
            return answers
        seen.add(question.field)
        if may_ask:
            answer = _ask(question, partial(judge.fault, answers, question.field))
        elif question.default or question.is_optional:
            answer = "" if question.is_optional else question.default
        else:
            raise Refusal(
                f"{_OPTIONS[question.field]} is missing: {question.words[0].lower()}{question.words[1:]}"
            )
        answers = answers._replace(**{question.field: answer})


def _ask(question: Question, fault_of: Callable[[str], str | None]) -> str:
    """An answer from the terminal; it is asked again where there must be one, or it is wrong."""
    default = f" [{question.default}]" if question.default else ""
    while True:
        deliver([f"{question.words}{default}: "], None, machine=False, to_error=True)
        line = sys.stdin.readline()
        if not line:
            deliver(["\n"], None, machine=False, to_error=True)
            raise Refusal(f"{_OPTIONS[question.field]} is missing: the input ended before it")
        answer = line.strip() or question.default
        fault = fault_of(answer) if answer else None
        if fault is not None:
            say(fault)
        elif answer or question.is_optional:
            return answer


def written(
    format_: FileFormat, wanted: Mapping[str, str], *, namespace: bool = False
) -> bytes | NotRewritten:
    """A section of its own, or why there can be none."""
    skeleton = _SKELETONS[format_]
    if namespace:
        skeleton = skeleton.replace("/>", f' xmlns="{definition.NAMESPACE}"/>')
    path = f"new.{format_}"
    result = write_settings(path, skeleton.encode(), as_literal(path, skeleton, wanted))
    return result if isinstance(result, NotRewritten) else result.data
