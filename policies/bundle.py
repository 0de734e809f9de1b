"""A named tuple of arrays that compiled functions hand on as one pointer.

Passing forty arrays one by one through twenty functions cannot be read; passing them as a tuple copies two hundred
words at each call. ``pack`` puts the tuple on the stack of the outermost function and returns its address; taking a
field off it loads what is used and no more. Without the compiler it returns the tuple as it is.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, TypeVar

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, models, overload, register_model

from policies.pipelines import Part

T = TypeVar("T")
_NUMBER = ir.IntType(32)


class Bundle(types.Type):
    """The type of a pointer to a named tuple."""

    def __init__(self, fields: Any) -> None:
        self.fields = fields
        # the full name has thousands of letters, and would stand in that of every function
        super().__init__(name=f"Bundle_{blake2b(str(fields).encode(), digest_size=8).hexdigest()}")


@register_model(Bundle)
class _BundleModel(models.OpaqueModel):
    """In machine code an address."""


@infer_getattr
class _BundleField(AttributeTemplate):
    key = Bundle

    def generic_resolve(self, of: Bundle, name: str) -> Any:
        """Return the type of a field; None for a name that the tuple lacks."""
        names = of.fields.fields
        return of.fields.types[names.index(name)] if name in names else None


@lower_getattr_generic(Bundle)
def _load_field(context: Any, builder: Any, of: Bundle, address: Any, name: str) -> Any:
    place = of.fields.fields.index(name)
    tuple_at = builder.bitcast(address, context.get_value_type(of.fields).as_pointer())
    return builder.load(builder.gep(tuple_at, [_NUMBER(0), _NUMBER(place)], inbounds=True))


def _address_of(_: Any, fields: Any) -> Any:
    def put(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        slot = cgutils.alloca_once_value(builder, values[0])
        return builder.bitcast(slot, context.get_value_type(signature.return_type))

    return Bundle(fields)(fields), put


_put = intrinsic(_address_of)


def pack(fields: T) -> T:
    """Return the tuple's address. Call it in the outermost function only: the address dies with that function."""
    return fields


# in the caller's own frame, or it would be gone
@overload(pack, inline="always", jit_options={"_nrt": False, "pipeline_class": Part})
def _pack(fields: Any) -> Any:
    def machine(fields: Any) -> Any:
        return _put(fields)

    return machine
