"""Mutate every comparison, number and connective of the kinds, one at a time; print the mutants that no case notices.

Run: ``make mutants`` (half a minute), or ``python -m tests.mutants [kind ...]``. Exit code 1 if a mutant survives that
is not listed in ``EQUIVALENT``, 2 for a kind that does not exist.
The cases of a kind (and of the kinds that are built on it) run in this process on plain Python functions.
"""

from __future__ import annotations

import ast
import copy
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from policies.kinds import KIND_NAMES, KINDS
from tests.support.judging import case_files, judge, world

ELSEWHERE = ("content",)
"""Kinds whose cases live with their own tests."""
NOT_JUDGED = ("explain", "boundaries", "spans", "givens", "begins", "lasts")
"""Functions that make words and hints for tests, not answers."""
BUILT_ON = {"time_window": ("validity",)}
"""Kinds whose cases are also asked because they call another kind's functions."""
EQUIVALENT: dict[tuple[str, str, str], str] = {
    ("frequency_cap", "next_month", "year = min(of_cycle // 364, 3)"): (
        "the last days of February, counted back from the first of March, give the same first of March"
    ),
    ("validity", "evaluate", "for day in range(a[A_LOCAL] // DAY, final // DAY + 2):"): (
        "instants after the last one are not looked at"
    ),
    ("duplicate", "wording_of", "return wordings[text] if 0 < text < len(wordings) else text"): (
        "no text before the first one says the same"
    ),
    ("duplicate", "wording_of", "return wordings[text] if 1 <= text < len(wordings) else text"): (
        "no text before the first one says the same"
    ),
}
"""(kind, function, mutated line) of mutants that no input can tell from the original, with the reason."""

FLIPS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one function: the whole mutated module and the changed line in words."""

    function: str
    line: int
    text: str
    tree: ast.Module
    grave: bool


def mutants(source: str) -> Iterator[Mutant]:
    """Yield every mutant of the functions of a module."""
    tree = ast.parse(source)
    for place, function in enumerate(tree.body):
        if not isinstance(function, ast.FunctionDef) or function.name in NOT_JUDGED:
            continue
        nodes = [node for statement in function.body[1:] for node in ast.walk(statement)]
        for number, node in enumerate(nodes):
            for change, grave in changes(node):
                mutated = copy.deepcopy(tree)
                target: Any = mutated.body[place]
                twin = [found for statement in target.body[1:] for found in ast.walk(statement)][number]
                change(twin)
                text = ast.unparse(_statement(target, twin)).partition("\n")[0]
                yield Mutant(function.name, getattr(node, "lineno", function.lineno), text, mutated, grave)


def changes(node: ast.AST) -> Iterator[tuple[Callable[[Any], None], bool]]:
    """Yield the changes of one node; the flag says whether it is a comparison."""
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            for other in FLIPS[type(operator)]:
                yield _set_operator(index, other), True
    elif isinstance(node, ast.BoolOp):
        yield _set_connective(ast.Or if isinstance(node.op, ast.And) else ast.And), True
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield _drop_not, True
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield _add(1), False
        yield _add(-1), False


def _set_operator(index: int, operator: type[ast.cmpop]) -> Callable[[Any], None]:
    def change(node: Any) -> None:
        node.ops[index] = operator()

    return change


def _set_connective(operator: type[ast.boolop]) -> Callable[[Any], None]:
    def change(node: Any) -> None:
        node.op = operator()

    return change


def _drop_not(node: Any) -> None:
    node.op = ast.UAdd()


def _add(step: int) -> Callable[[Any], None]:
    def change(node: Any) -> None:
        node.value += step

    return change


def _statement(function: ast.FunctionDef, node: ast.AST) -> ast.stmt:
    """Return the innermost statement that holds the node."""
    found: ast.stmt = function
    for statement in ast.walk(function):
        if isinstance(statement, ast.stmt) and any(child is node for child in ast.walk(statement)):
            found = statement
    return found


@cache
def scenes(kind: str) -> list[tuple[dict[str, Any], Any]]:
    """Return the cases of a kind with their worlds, which the kind's code does not touch."""
    return [(case, world(case)) for case in case_files()[kind]["cases"]]


def noticed(module: ModuleType, kind: str, mutant: Mutant) -> bool:
    """Say whether a case of the kind fails, or breaks down, while the mutant stands in the module's place."""
    ours = {name: value for name, value in vars(module).items() if isinstance(value, FunctionType)}
    changed: dict[str, Any] = {"__name__": module.__name__, "__file__": module.__file__}
    try:
        exec(compile(ast.fix_missing_locations(mutant.tree), str(module.__file__), "exec"), changed)
        vars(module).update({name: changed[name] for name in ours if name in changed})
        asked = (kind, *BUILT_ON.get(kind, ()))
        return any(judge(name, case, scene) for name in asked for case, scene in scenes(name))
    except (AssertionError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return True
    finally:
        vars(module).update(ours)


def survivors(kind: str) -> Iterator[Mutant]:
    """Yield the mutants of a kind that none of its cases notices."""
    module = KINDS[KIND_NAMES.index(kind)]
    for mutant in mutants(Path(str(module.__file__)).read_text(encoding="utf-8")):
        if not noticed(module, kind, mutant):
            yield mutant


def say(line: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(line + "\n")


def main(names: list[str]) -> int:
    """Print the survivors of the named kinds (all by default); return 1 if one is not known as equivalent."""
    kinds = [name for name in KIND_NAMES if name not in ELSEWHERE]
    if strange := set(names) - set(kinds):
        say(f"no such kind: {', '.join(sorted(strange))}; there are: {', '.join(kinds)}")
        return 2
    left = 0
    for kind in names or kinds:
        count = 0
        for mutant in survivors(kind):
            reason = EQUIVALENT.get((kind, mutant.function, mutant.text))
            count += reason is None
            sort = "comparison" if mutant.grave else "number"
            say(f"{kind}.py:{mutant.line} {mutant.function} ({sort}): {mutant.text}  # {reason or 'SURVIVES'}")
        say(f"{kind}: {count} survive")
        left += count
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
