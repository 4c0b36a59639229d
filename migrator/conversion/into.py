"""Settings into the SMTP section of a file that is there: setting by setting, everything else as it is."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from migrator import definition
from migrator.checking import CheckSettings, check, read_document
from migrator.conversion.characters import why_forbidden
from migrator.document.convention import SCHEMA_KEY
from migrator.document.edits import apply
from migrator.document.format import Format, format_of
from migrator.document.limits import Limits
from migrator.document.model import (
    CONTAINERS,
    InsertNodes,
    Literal,
    NewNode,
    RemoveNode,
    ReplaceValue,
    Target,
)
from migrator.document.source import Unreadable
from migrator.document.xml import XmlDocument
from migrator.section import Section, read_configuration, read_section
from migrator.tuples import NamedTuple
from migrator.values.login_method import LoginMethod
from migrator.values.secret import mask, shown_instead_of, shown_name
from migrator.values.variable import escape, is_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from migrator.diagnostic import Span
    from migrator.document.model import Change, Document, Node
    from migrator.section import Configuration, Setting

LOGIN = frozenset({"Host", "LoginMethod", "User"})
"""The settings that say which login a secret belongs to."""

_LIMITS = Limits()
_MAY_BE_NUMBER = "HostPort"  # in JSON and YAML


def as_literal(path: str, text: str, wanted: Mapping[str, str]) -> dict[str, str]:
    """Settings as they are to be written where their secrets are meant word for word.

    `path` and `text` are those of the file that they go into: JSON and YAML know variables.
    """
    if format_of(path, text) is Format.XML:
        return dict(wanted)
    known = definition.settings()
    return {name: escape(one) if known[name].is_secret else one for name, one in wanted.items()}


class ChangeKind(StrEnum):
    """What becomes of a setting."""

    UNCHANGED = "unchanged"
    REPLACED = "changed"
    INSERTED = "added"
    REMOVED = "removed"


class SettingChange(NamedTuple):
    """A setting before and after, as it may be shown; None where it is not there."""

    name: str
    kind: ChangeKind
    before: str | None
    after: str | None


class Rewritten(NamedTuple):
    """A file with the settings in it: all its bytes, and what became of each setting, in documented order.

    `unknown` are entries of the section that are no settings, and stay: their names as they may be shown.
    `has_new_section` says that there was no section before, `loses_oauth` that a login with XOAUTH2, which
    Cube alone can set up again, would be another one.
    """

    data: bytes
    changes: tuple[SettingChange, ...] = ()
    unknown: tuple[str, ...] = ()
    has_new_section: bool = False
    loses_oauth: bool = False

    @property
    def changed(self) -> tuple[SettingChange, ...]:
        """The settings that are not what they were before."""
        return tuple(one for one in self.changes if one.kind is not ChangeKind.UNCHANGED)

    @property
    def about_unknown(self) -> str:
        """What is said of entries that are no settings; empty where there is none."""
        if not self.unknown:
            return ""
        stays = "no setting, so it stays" if len(self.unknown) == 1 else "no settings, so they stay"
        return f"{', '.join(self.unknown)}: {stays}"

    @property
    def is_changed(self) -> bool:
        """Whether the file says anything else than before."""
        return self.has_new_section or bool(self.changed)


class NotRewritten(NamedTuple):
    """Why a file cannot take the settings, with what to do, and where the reason stands, if anywhere."""

    message: str
    help: str
    span: Span | None = None


_SHIFT_STATES = NotRewritten(
    "the file is in an encoding with escape sequences (ISO 2022), in which nothing is changed",
    "save it as UTF-8, and try again",
)


class _Target(NamedTuple):
    """Where settings go: the section, or the node that is to hold one; the root where it is to hold both."""

    document: Document
    parent: Node
    section: Section | None = None


class _Refused(Exception):  # noqa: N818 - it ends the work, it is no error
    """Carries why a file cannot take the settings."""

    def __init__(self, reason: NotRewritten) -> None:
        super().__init__()
        self.reason = reason


def write_settings(
    path: str,
    data: bytes,
    wanted: Mapping[str, str],
    *,
    keep: Collection[str] = (),
    limits: Limits = _LIMITS,
    secrets: Collection[str] = (),
) -> Rewritten | NotRewritten:
    """Have the section of a file hold these settings and no others, with as few bytes changed as can be.

    `wanted` has names of settings with their values, as they are to be read again. A setting that has its
    value already stays byte for byte; others are replaced in place, inserted in the documented order or
    removed. Those in `keep` stay as they are in the file, there or not. Comments, unknown entries and all the
    rest of the file stay. The section is inserted where there is none. `secrets` are those of the file that
    the settings come from: what is told of the changes shows none of them.

    The result has been read again: it means what was wanted.
    """
    known = definition.settings()
    if not known.keys() >= {*wanted, *keep}:
        raise ValueError("no setting of the section")
    work = _Work(
        path,
        limits,
        {name: wanted[name] for name in known if name in wanted and name not in keep},
        frozenset(keep),
        frozenset(secrets),
    )
    try:
        return work.rewrite(data)
    except _Refused as refused:
        return refused.reason


class _Work:
    """Settings on their way into one file, in steps: each is made on what the one before left."""

    def __init__(
        self,
        path: str,
        limits: Limits,
        wanted: Mapping[str, str],
        keep: frozenset[str],
        secrets: frozenset[str],
    ) -> None:
        self.secrets = secrets
        self.path = path
        self.limits = limits
        self.wanted = wanted
        self.keep = keep

    def rewrite(self, data: bytes) -> Rewritten:
        before = self.target(data)
        if before.section is None:
            result = self.step(data, self.new_section)
        else:
            result = data
            # Insertions one by one, as two into the same place would contradict each other
            for planned in (self.replacements, *[self.insertion] * len(self.wanted), self.removals):
                result = self.step(result, planned)
        after = self.target(result)
        if after.section is None or not self.is_as_wanted(before, after.section):
            raise _Refused(
                NotRewritten(
                    "the result would not mean what was wanted, so it is not made", "please report it"
                )
            )
        secrets = self.secrets | after.section.secrets
        if before.section is not None:
            secrets |= before.section.secrets
        return Rewritten(
            result,
            tuple(self.changes(before.section, after.section, secrets)),
            tuple(shown_name(one.name, secrets) for one in _unknown(after.section)),
            before.section is None,
            before.section is not None and _loses_oauth(before.section, after.section),
        )

    def target(self, data: bytes) -> _Target:
        """Where the settings go; refused where that is not one place."""
        document = read_document(self.path, data, self.limits)
        if isinstance(document, Unreadable):
            raise _Refused(NotRewritten(document.message, document.help, document.span))
        configuration = read_configuration(document)
        if configuration is None:
            found = _empty(document)
            if found is None:
                raise _Refused(self.no_configuration(data))
            return found
        return _Target(document, configuration.root, _section(configuration))

    def no_configuration(self, data: bytes) -> NotRewritten:
        """What lint says of a file that is no configuration."""
        found = check(self.path, data, CheckSettings(limits=self.limits)).diagnostics[0]
        return NotRewritten(found.message, found.help or "name another file", found.span)

    def step(self, data: bytes, planned: Callable[[_Target], Sequence[tuple[Change, NotRewritten]]]) -> bytes:
        """The bytes after some changes; each comes with what to say where it cannot be made."""
        target = self.target(data)
        found = planned(target)
        if not found:
            return data
        document = target.document
        edits = document.edits([change for change, _ in found])
        result = None if edits is None else apply(document.source, edits)
        if result is None:
            if document.source.has_shift_states:
                raise _Refused(_SHIFT_STATES)
            alone = (why for change, why in found if document.edits([change]) is None)
            raise _Refused(next(alone, found[0][1]))
        return result

    def new_section(self, target: _Target) -> list[tuple[Change, NotRewritten]]:
        """The section with all settings, as the last thing in the file."""
        settings = tuple(map(self.new_node, self.wanted))
        new = NewNode(definition.SECTION, children=settings)
        is_above_root = not target.parent.name and target.parent.parent() is None
        name = "the file" if is_above_root else target.parent.name
        why = NotRewritten(
            f"the section cannot be written into {name} as it stands",
            "write an empty section by hand, and try again",
            target.document.span(Target(target.parent)),
        )
        return [(InsertNodes(target.parent, (new,)), self.forbidden(target, self.wanted) or why)]

    def replacements(self, target: _Target) -> list[tuple[Change, NotRewritten]]:
        """Other values for settings that are there."""
        found: list[tuple[Change, NotRewritten]] = []
        for name, setting in _settings(target).items():
            text = self.wanted.get(name)
            if text is None or _says(setting, text):
                continue
            why = NotRewritten(
                f"{name} cannot be changed in place: a comment, an element or an alias stands in its value",
                "write its value anew by hand, as plain text, and try again",
                target.document.span(Target(setting.node)),
            )
            change = ReplaceValue(setting.node, text, _literal(name, text))
            found.append((change, self.forbidden(target, [name]) or why))
        return found

    def insertion(self, target: _Target) -> list[tuple[Change, NotRewritten]]:
        """The next settings that are not there, behind the one that comes before in the documented order.

        Where that is none, before the one that comes next.
        """
        settings = _settings(target)
        # Those that go will have no place any more
        there = {
            name: one for name, one in settings.items() if name in self.wanted or name in self.keep
        } or settings
        order = list(definition.settings())
        missing = [name for name in self.wanted if name not in settings]
        if not missing:
            return []
        at = order.index(missing[0])
        after = next((one for one in reversed(order[:at]) if one in there), None)
        following = next((one for one in order[at:] if one in there), None)
        end = len(order) if following is None else order.index(following)
        names = [name for name in missing if order.index(name) < end]
        before = None if after is not None or following is None else there[following].node
        change = InsertNodes(
            target.parent if target.section is None else target.section.node,
            tuple(map(self.new_node, names)),
            after=None if after is None else there[after].node,
            before=before,
        )
        why = NotRewritten(
            f"{', '.join(names)} cannot be inserted into the section as it stands",
            "insert a line for it by hand, and try again",
            None if target.section is None else target.document.span(Target(target.section.node)),
        )
        return [(change, self.forbidden(target, names) or why)]

    def removals(self, target: _Target) -> list[tuple[Change, NotRewritten]]:
        """Settings that are there and not wanted."""
        return [
            (
                RemoveNode(setting.node, leaves_comment=True),
                NotRewritten(
                    f"{name} cannot be removed: a comment would go with it, or an alias stands for its value",
                    "remove it by hand, and try again",
                    target.document.span(Target(setting.node)),
                ),
            )
            for name, setting in _settings(target).items()
            if name not in self.wanted and name not in self.keep
        ]

    def new_node(self, name: str) -> NewNode:
        return NewNode(name, self.wanted[name], _literal(name, self.wanted[name]))

    def forbidden(self, target: _Target, names: Collection[str]) -> NotRewritten | None:
        """What to say of a character that the format cannot hold, or of bytes that are none."""
        for name in names:
            if not is_text(self.wanted[name]):
                return NotRewritten(f"{name} is no text", "give it in UTF-8")
        if isinstance(target.document, XmlDocument):
            for name in names:
                message = why_forbidden(name, self.wanted[name])
                if message is not None:
                    return NotRewritten(message, "remove it from the value")
        return None

    def is_as_wanted(self, before: _Target, after: Section) -> bool:
        """Whether a section holds what was wanted, and all else that it held before."""
        old = {name: one for name, one in _settings(before).items() if name in self.keep}
        unknown = [] if before.section is None else _unknown(before.section)
        return (
            {name: one.value for name, one in after.settings.items()}
            == {**{name: one.value for name, one in old.items()}, **self.wanted}
            and all(name in old or _says(one, self.wanted[name]) for name, one in after.settings.items())
            and [one.name for one in unknown] == [one.name for one in _unknown(after)]
            and [one.text for one in before.document.comments()]
            == [one.text for one in after.document.comments()]
        )

    def changes(self, before: Section | None, after: Section, secrets: frozenset[str]) -> list[SettingChange]:
        """What became of each setting."""
        old = {} if before is None else before.settings
        found = []
        for name in definition.settings():
            one, other = old.get(name), after.get(name)
            if one is None and other is None:
                continue
            if one is None:
                kind = ChangeKind.INSERTED
            elif other is None:
                kind = ChangeKind.REMOVED
            else:
                is_same = name not in self.wanted or _says(one, other.value)
                kind = ChangeKind.UNCHANGED if is_same else ChangeKind.REPLACED
            found.append(SettingChange(name, kind, _shown(one, secrets), _shown(other, secrets)))
        return found


def _section(configuration: Configuration) -> Section | None:
    """The section; refused where there are several, or settings in it twice."""
    document = configuration.document
    sections, misplaced = configuration.sections, configuration.misplaced
    if len(sections) > 1:
        where = document.span(Target(sections[1]))
        raise _Refused(NotRewritten(f"there are {len(sections)} SMTP sections", "keep one of them", where))
    if misplaced:
        where = document.span(Target(misplaced[0]))
        message = (
            f"an SMTP section stands in {_around(misplaced[0])}, and not directly under {definition.ROOT}"
        )
        raise _Refused(
            NotRewritten(message, f"move it directly under {definition.ROOT}, or remove it", where)
        )
    if not sections:
        return None
    node = sections[0]
    if node.literal() not in (Literal.UNTYPED, Literal.MAPPING, Literal.NULL):
        message = f"{definition.SECTION} holds no mapping"
        raise _Refused(NotRewritten(message, "write the settings under it", document.span(Target(node))))
    section = read_section(document, node)
    for entry in section.entries:
        setting = section.get(entry.name)
        if setting is not None and setting.node != entry and entry.namespace == node.namespace:
            where = document.span(Target(entry))
            raise _Refused(NotRewritten(f"{entry.name} is there twice", "keep one of them", where))
    return section


def _around(node: Node) -> str:
    """The element around one, if its name may be shown."""
    parent = node.parent()
    is_known = parent is not None and parent.name in definition.known_names()
    return parent.name if is_known and parent is not None else "another element"


def _empty(document: Document) -> _Target | None:
    """Where a section goes in JSON or YAML that says nothing: {}, or SMTP or DataMiner with nothing in it."""
    root = document.root
    if root.name or root.literal() not in (Literal.MAPPING, Literal.NULL):
        return None
    keys = [one for one in root.children() if one.name != SCHEMA_KEY]
    if not keys:
        return _Target(document, root)
    (key, *others) = keys
    if others or key.literal() is not Literal.NULL:
        return None
    if key.name == definition.ROOT:
        return _Target(document, key)
    return _Target(document, root, read_section(document, key)) if key.name == definition.SECTION else None


def _settings(target: _Target) -> dict[str, Setting]:
    return {} if target.section is None else target.section.settings


def _unknown(section: Section) -> list[Node]:
    """Entries that are no settings."""
    settings = {setting.node for setting in section.settings.values()}
    return [entry for entry in section.entries if entry not in settings]


def _loses_oauth(before: Section, after: Section) -> bool:
    """Whether a login with XOAUTH2 is another one afterwards, and not only written otherwise."""
    return before.method is LoginMethod.XOAUTH2 and (
        after.method is not before.method
        or any(_said(before, name) != _said(after, name) for name in definition.settings())
    )


def _said(section: Section, name: str) -> str:
    """What a setting says of the login beside its method; nothing where it is about something else."""
    if definition.settings()[name].is_secret:
        return section.values.get(name, "")
    if name == "Host" and section.host is not None and section.host.value is not None:
        return section.host.value.name.lower()
    is_of_login = name in LOGIN or name in definition.oauth_settings()
    return section.text(name) if is_of_login and name != "LoginMethod" else ""


def _literal(name: str, text: str) -> Literal:
    if not definition.settings()[name].is_number:
        return Literal.STRING
    from migrator.conversion.scalars import is_whole_number

    return Literal.NUMBER if is_whole_number(text) else Literal.STRING


def _says(setting: Setting, text: str) -> bool:
    """Whether a setting has this value already, written as its format wants it."""
    literal = setting.node.literal()
    if setting.value != text or (literal in CONTAINERS and not text):
        return False
    if literal is Literal.NUMBER:
        return definition.settings()[setting.name].is_number or setting.name == _MAY_BE_NUMBER
    if literal is Literal.STRING:
        return _literal(setting.name, text) is Literal.STRING
    return literal is not Literal.BOOLEAN


def _shown(setting: Setting | None, secrets: frozenset[str]) -> str | None:
    if setting is None:
        return None
    is_hidden = setting.is_secret and setting.value  # that one is empty is no secret
    return shown_instead_of(setting.value) if is_hidden else mask(setting.value, secrets)
