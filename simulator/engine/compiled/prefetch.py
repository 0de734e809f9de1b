"""Asking for memory before it is needed: a hint to the processor, without which nothing but time is lost."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, overload

from policies.pipelines import Part

_WORD = ir.IntType(32)


def _hint(_: Any, array: Any, place: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        of = context.make_array(signature.args[0])(context, builder, values[0])
        address = cgutils.get_item_pointer(context, builder, signature.args[0], of, [values[1]], wraparound=False)
        byte = ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [byte, _WORD, _WORD, _WORD])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(function, [builder.bitcast(address, byte), _WORD(0), _WORD(3), _WORD(1)])
        return context.get_dummy_value()

    return types.void(array, place), emit


_ask = intrinsic(_hint)


def prefetch(array: Any, place: int) -> None:
    """Let the processor fetch an element of a one-dimensional array; the place must lie in it."""


@overload(prefetch, inline="always", jit_options={"_nrt": False, "pipeline_class": Part})
def _prefetch(array: Any, place: Any) -> Any:
    def machine(array: Any, place: Any) -> None:
        _ask(array, place)

    return machine
