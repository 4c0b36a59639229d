"""Settings into a file that is there: what `--into` does, of `convert` and of `new`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import definition
from migrator.checking import CheckSettings, new_errors
from migrator.cli.output import ExitCode, Refusal, deliver, say
from migrator.cli.written import RESTART, former_content
from migrator.conversion.into import LOGIN, NotRewritten, Rewritten, as_literal, write_settings
from migrator.files import STANDARD_INPUT, InputFile, Missing, is_there, read
from migrator.reporters.concise import place_of
from migrator.tuples import NamedTuple
from migrator.values.login_method import LoginMethod
from migrator.values.secret import REFERENCE_SHOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from migrator.conversion.into import SettingChange
    from migrator.document.limits import Limits


_OAUTH = (
    "it logs in with XOAUTH2, which Cube has set up and can alone set up again: change it in Cube, or have "
    "`dmsmtp apply --replace LoginMethod` write another login"
)


class IntoOptions(NamedTuple):
    """How settings go into a file.

    With `diff` they are shown and not written. `literal` says that secrets are meant word for word, and do
    not name variables. `secrets` are those of the file that the settings come from. `look` is what lint looks
    for in the file.
    """

    diff: bool = False
    backup: bool = True
    quiet: bool = False
    literal: bool = False
    secrets: frozenset[str] = frozenset()
    look: CheckSettings = CheckSettings()


class IntoFile(NamedTuple):
    """The file that settings go into, as it was read, which is done once: it may be a pipe."""

    path: str
    data: bytes

    @property
    def beginning(self) -> str:
        """What tells the format where the file's name does not."""
        from migrator.document.source import Source, decode

        source = decode(self.data)
        return source.text if isinstance(source, Source) else ""


def write_into(
    wanted: Mapping[str, str], file: IntoFile, given: IntoOptions, *, keep: Collection[str]
) -> ExitCode:
    """Have a file hold these settings, and say what changed; 1 where a diff is not empty.

    As `write_settings` has it, but settings of OAuth 2.0, which Cube alone can bring back, stay. Refused
    where the file cannot take them or be written, or a login with XOAUTH2 would be another one.
    """
    target, data = file
    if given.literal:
        wanted = as_literal(target, file.beginning, wanted)
    of_oauth = definition.oauth_settings() - {*wanted, *keep}
    result = write_settings(
        target, data, wanted, keep={*keep, *of_oauth}, limits=given.look.limits, secrets=given.secrets
    )
    if isinstance(result, NotRewritten):
        raise Refusal(f"{place_of(target, result.span)}: {result.message}; {result.help}")
    if result.loses_oauth:
        raise Refusal(f"{target}: {_OAUTH}")
    told = [
        *_changes(target, result, given),
        *_about_oauth(result, of_oauth),
        *([] if given.literal else _about_secrets(result, keep)),
        *_about_errors(target, data, result, given),
    ]
    if given.diff:
        code = _show(target, data, result, given)
    else:
        told += _closing_words(target, result, _write(target, data, result, given))
        code = ExitCode.DONE
    if not given.quiet:
        for sentence in told:
            say(sentence)
    return code


def read_into_file(target: str, limits: Limits) -> IntoFile:
    """The file that settings go into; refused where it cannot be read."""
    if target == STANDARD_INPUT:
        raise Refusal("--into -: name a file, as it is written in its place")
    if not is_there(target):
        raise Refusal(f"--into {target}: there is no such file; -o FILE writes a new one")
    data = read(InputFile(target, target), limits.size)
    if isinstance(data, Missing):
        raise Refusal(f"--into {target}: {data.reason}")
    return IntoFile(target, data)


def _show(target: str, data: bytes, result: Rewritten, given: IntoOptions) -> ExitCode:
    from migrator.diff import masked_diff

    deliver([masked_diff(target, data, result.data, given.look.limits, given.secrets)], None, machine=False)
    return ExitCode.FOUND if result.is_changed else ExitCode.DONE


def _write(target: str, data: bytes, result: Rewritten, given: IntoOptions) -> str | None:
    """Write the file where it changes; the path of its backup."""
    if result.data == data:
        return None
    from migrator.writing import NotWritten, replace_file

    outcome = replace_file(target, result.data, old=data, backup=given.backup)
    if isinstance(outcome, NotWritten):
        raise Refusal(f"{target}: {outcome.reason}")
    return outcome.backup


def _changes(target: str, result: Rewritten, given: IntoOptions) -> Iterator[str]:
    """What becomes of the settings, and what stays beside them."""
    for one in result.changed:
        yield _sentence(one)
        if one.after == REFERENCE_SHOWN and not given.literal:  # what was typed is no copy
            yield (
                f"{one.name} looks like a reference, which probably only the agent that it comes from "
                "can read: enter it again, or keep what the file has with --secrets omit"
            )
    if result.about_unknown:
        yield result.about_unknown
    if not result.is_changed:
        yield f"{target} says this already"


def _about_oauth(result: Rewritten, kept: Collection[str]) -> Iterator[str]:
    """What Cube alone sets up: settings that stay, and that such as come into the file need it."""
    names = [one.name for one in result.changes if one.name in kept]
    if names:
        stays = "stays, as Cube alone could bring it back"
        stay = "stay, as Cube alone could bring them back"
        yield f"{', '.join(names)} {stays if len(names) == 1 else stay}"
    if any(
        one.name in definition.oauth_settings() or one.after == LoginMethod.XOAUTH2 for one in result.changed
    ):
        yield (
            "OAuth 2.0 does not come along with a file: in Cube, enter the client secret again where there "
            "is one, retrieve tokens, and apply"
        )


def _about_secrets(result: Rewritten, kept: Collection[str]) -> Iterator[str]:
    """That secrets stay which belong to another login."""
    changed = {one.name for one in result.changed}
    names = [
        one.name
        for one in result.changes
        if one.name in kept and one.before and definition.settings()[one.name].is_secret
    ]
    if names and LOGIN & changed:
        stays = "stays, and belongs" if len(names) == 1 else "stay, and belong"
        yield f"{', '.join(names)} {stays} to the login before: enter what the new one has"


def _about_errors(target: str, data: bytes, result: Rewritten, given: IntoOptions) -> Iterator[str]:
    """What lint calls an error in the file, and did not before."""
    codes = sorted(new_errors(target, data, result.data, given.look)) if result.is_changed else []
    if codes:
        yield (
            f"lint finds errors in it that were not there before: {', '.join(codes)}; "
            f"`dmsmtp explain {codes[0]}` says what that is"
        )


def _closing_words(target: str, result: Rewritten, backup: str | None) -> Iterator[str]:
    if result.is_changed:
        what = "with a section" if result.has_new_section else "with these changes"
        yield f"{target} is written {what}"
        yield RESTART
    if backup is not None:
        yield former_content(backup)


def _sentence(change: SettingChange) -> str:
    shown = [f'"{one}"' for one in (change.before, change.after) if one is not None]
    return f"{change.name} {change.kind}: {' -> '.join(shown)}"
