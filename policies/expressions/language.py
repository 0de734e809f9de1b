"""The language of ``when`` and ``unless``: CEL, by the runtime of its own organisation, with our facts as variables.

A fact that is not known is left out of the evaluation; CEL's own rules then make of it what they must: ``a || b`` is
true where either is true, and what still depends on the missing fact is an error, for us *not known*. Nothing that asks
whether a fact is there is let in, nor anything that loops.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cel_expr_python import cel

FACTS: Mapping[str, str] = MappingProxyType(
    {
        "channel": "the channel, such as sms",
        "category": "the category of the message, such as promo",
        "text_category": "what the text itself is: promo, service, authentication, debt",
        "template": "the name of the template",
        "sender": "the name of the sender",
        "campaign": "the id of the campaign",
        "country": "the recipient's country, such as RU",
        "subdivision": "the part of the country in which the recipient lives, such as US-FL",
        "language": "the language of the text, such as ru",
    }
)
"""What an expression may ask besides ``attributes.NAME`` or ``attributes["ANY NAME"]``, a column of the audience.

Each is a text.
"""
ATTRIBUTES = "attributes."
LONGEST = 1000
"""Most characters of an expression (*assumed*): longer ones are better written as two rules."""

_QUOTED = r"""[rRbB]*(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
_TEXT = re.compile(_QUOTED)
_BY_KEY = re.compile(rf"""(?<![\w.])attributes\s*\[\s*(?P<column>"[^"\\]*"|'[^'\\]*')\s*\]|{_QUOTED}""")
_ATTRIBUTE = re.compile(r"(?<![\w.])attributes\s*\.\s*([A-Za-z_]\w*)")
_PREFIX = "by_key_"
_REFUSED = {
    "has": "a missing fact makes the answer unknown by itself; ask for its value",
    "all": "there is nothing to loop over; write the cases out, or use in [...]",
    "exists": "there is nothing to loop over; write the cases out, or use in [...]",
    "exists_one": "there is nothing to loop over; write the cases out, or use in [...]",
    "map": "there is nothing to loop over; write the cases out",
    "filter": "there is nothing to loop over; write the cases out",
    "dyn": "types are checked when the pack is read; turn a text into a number by int() or double()",
}
_CALL = re.compile(rf"(?<!\w)({'|'.join(_REFUSED)})\s*\(")


@dataclass(frozen=True, slots=True)
class ExpressionFault:
    """What is wrong with an expression, and what to do."""

    what: str
    remedy: str = ""


def attributes_of(text: str) -> tuple[str, ...]:
    """Return the columns of the audience that an expression asks for, each once, in order."""
    return tuple(_columns(text).values())


def facts_of(text: str) -> tuple[str, ...]:
    """Return the facts that an expression asks for, attributes by their full names."""
    words = set(re.findall(r"(?<![\w.])[A-Za-z_]\w*", _bare(text)))
    return (*(name for name in FACTS if name in words), *(ATTRIBUTES + name for name in attributes_of(text)))


def fault_of(text: str) -> ExpressionFault | None:
    """Return what is wrong with an expression: too long, refused words, unknown names, types, no truth value."""
    if len(text) > LONGEST:
        return ExpressionFault(f"the expression has {len(text)} characters; the limit is {LONGEST}", "write two rules")
    refused = _CALL.search(_bare(text))
    if refused:
        return ExpressionFault(f"{refused[1]}() is not let in here", _REFUSED[refused[1]])
    try:
        compiled = _compiled(text)
    except RuntimeError as error:  # the library has no narrower one
        return _explained(str(error))
    kind = compiled.return_type().name()
    if kind != "BOOL":
        return ExpressionFault(f"the expression is a {kind.lower()}, not true or false", "compare it with something")
    return None


class Evaluator:
    """An expression that was found sound, ready to be asked again and again."""

    def __init__(self, text: str) -> None:
        self._expression = _compiled(text)
        self._columns = [(variable, ATTRIBUTES + name) for variable, name in _columns(text).items()]

    def __call__(self, facts: Mapping[str, str]) -> bool | None:
        """Return whether it is true of the facts that are known; None where a missing one decides.

        A number that is none, a division by nought and the like are None as well.
        """
        known = {variable: facts[name] for variable, name in self._columns if name in facts}
        value: Any = self._expression.eval(data={**facts, **known}).plain_value()
        return value if isinstance(value, bool) else None


def _bare(text: str) -> str:
    """Return an expression without what stands in quotes, columns of any name under names that CEL can read."""
    return _TEXT.sub("''", _dotted(text))


def _dotted(text: str) -> str:
    """Return an expression with ``attributes["any name"]`` as a variable whose name CEL can read."""

    def variable(found: re.Match[str]) -> str:
        column = found["column"]
        return found[0] if column is None else f"{ATTRIBUTES}{_PREFIX}{column[1:-1].encode().hex()}"

    return _BY_KEY.sub(variable, text)


def _columns(text: str) -> dict[str, str]:
    """Return the variables of the attributes that an expression asks for, and the columns that they stand for."""
    names = dict.fromkeys(_ATTRIBUTE.findall(_bare(text)))
    return {ATTRIBUTES + name: _column(name) for name in names}


def _column(name: str) -> str:
    hexed = name.removeprefix(_PREFIX)
    return bytes.fromhex(hexed).decode() if name.startswith(_PREFIX) else name


def _compiled(text: str) -> cel.Expression:
    return _environment(tuple(_columns(text))).compile(_dotted(text))


@cache
def _environment(attributes: tuple[str, ...]) -> cel.Env:
    from cel_expr_python import cel

    return cel.NewEnv(variables=dict.fromkeys((*FACTS, *attributes), cel.Type.STRING))


def _explained(message: str) -> ExpressionFault:
    """Return the library's message in our words, with the nearest fact for a name that is none."""
    unknown = re.search(r"undeclared reference to '([^']*)'", message)
    if unknown:
        from policies.words import suggestion

        return ExpressionFault(
            f"there is no fact {unknown[1]!r}", suggestion(unknown[1], [*FACTS, "attributes.NAME"], what="facts")
        )
    types = re.search(r"no matching overload for '([^']*)' applied to '([^']*)'", message)
    if types:
        remedy = "facts are texts: write the value in quotes, or turn the fact into a number by int() or double()"
        return ExpressionFault(f"{types[1].strip('_')} does not go with {types[2]}", remedy)
    if "recursion limit" in message:
        return ExpressionFault("the expression is nested too deeply", "write two rules")
    first = message.splitlines()[0].rpartition("ERROR: ")[2].replace("<input>:", "")
    return ExpressionFault(f"it cannot be read: {first[:150]}", "write it as in channel == 'sms' && country == 'RU'")
