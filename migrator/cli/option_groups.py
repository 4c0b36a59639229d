"""Groups of options: what several commands take alike reaches each of them as one value."""

from collections.abc import Callable
from inspect import Parameter, Signature, get_annotations, signature
from typing import Any


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """A command for the command line: a parameter whose type is a group stands for the options in it.

    A group is a NamedTuple each of whose fields is an option, with its default.
    """
    hints = get_annotations(command, eval_str=True)
    groups: dict[str, tuple[type[Any], list[str]]] = {}
    parameters: list[Parameter] = []
    for name, parameter in signature(command).parameters.items():
        kind = hints[name]
        if not _is_group(kind):
            parameters.append(parameter.replace(annotation=kind))
            continue
        fields = get_annotations(kind, eval_str=True)
        groups[name] = kind, list(fields)
        parameters += [
            Parameter(field, Parameter.KEYWORD_ONLY, default=kind._field_defaults[field], annotation=option)
            for field, option in fields.items()
        ]

    def run(**values: object) -> None:
        given = {
            name: kind(**{field: values.pop(field) for field in fields})
            for name, (kind, fields) in groups.items()
        }
        command(**values, **given)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    vars(run)["__signature__"] = Signature(parameters)
    return run


def _is_group(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_field_defaults")
