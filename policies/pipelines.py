"""How a kernel and all that it calls become machine code: each function by itself, then all of them together, once.

Left to itself numba optimises and emits a function with all that it calls, then its caller with all of that again, and
so on up to the loop: the same code a dozen times, more than half of what compiling took (docs/decisions/0010). Here a
function that only kernels call stays as it was lowered (``Part``) until one that Python calls (``Whole``) takes up all
that it needs, is optimised, and is emitted.
"""

from __future__ import annotations

from typing import Any

from llvmlite.binding import Linkage
from numba._dynfunc import make_function
from numba.core.codegen import CodeLibrary, JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.typed_passes import NativeLowering


class _PartLibrary(JITCodeLibrary):
    """The code of one function that only kernels call: neither linked, nor optimised with others, nor emitted."""

    def finalize(self) -> None:
        self._raise_if_finalized()
        self._finalized = True


class _WholeLibrary(JITCodeLibrary):
    """The code of a function that Python calls, linked with that of all functions below it."""

    def add_linking_library(self, library: CodeLibrary) -> None:
        if library in self._linking_libraries:
            return
        super().add_linking_library(library)
        if isinstance(library, _PartLibrary):
            for below in library._linking_libraries:
                self.add_linking_library(below)

    def _optimize_final_module(self) -> None:
        """Keep the functions below for this code alone, so that what no caller asks for is left out of them."""
        for function in self._final_module.functions:
            if function.linkage == Linkage.linkonce_odr:
                function.linkage = Linkage.internal
        super()._optimize_final_module()


@register_pass(mutates_CFG=True, analysis_only=False)
class _PartLowering(NativeLowering):
    """Lowering into a part; the entry that callers look it up by cannot be called from Python."""

    _name = "prelaunch_part_lowering"

    def run_pass(self, state: Any) -> bool:
        state.library = _PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags = state.flags.copy()  # those of the dispatcher are a key of numba's tables
        state.flags.no_compile = state.flags.no_cpython_wrapper = state.flags.no_cfunc_wrapper = True
        super().run_pass(state)
        lowered = state["cr"]
        module, name = lowered.fndesc.lookup_module(), lowered.fndesc.qualname.rpartition(".")[2]
        entry = make_function(module, name, "only kernels call it", 0, lowered.env, (state.library,))
        state.targetctx.insert_user_function(entry, lowered.fndesc, [state.library])
        state["cr"] = lowered._replace(cfunc=entry)
        return True


@register_pass(mutates_CFG=True, analysis_only=False)
class _WholeLowering(NativeLowering):
    """Lowering into a whole, without the second entry that numba makes for callers in C."""

    _name = "prelaunch_whole_lowering"

    def run_pass(self, state: Any) -> bool:
        state.library = _WholeLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        state.flags = state.flags.copy()
        state.flags.no_cfunc_wrapper = True
        return bool(super().run_pass(state))


def _pipelines(state: Any, lowering: type[NativeLowering]) -> list[PassManager]:
    """Return numba's own passes with the lowering replaced."""
    passes = DefaultPassBuilder.define_nopython_pipeline(state)
    passes.passes = [(lowering if each is NativeLowering else each, why) for each, why in passes.passes]
    passes.finalize()
    return [passes]


class Part(CompilerBase):
    """The ``pipeline_class`` of a function that only kernels call."""

    def define_pipelines(self) -> list[PassManager]:
        return _pipelines(self.state, _PartLowering)


class Whole(CompilerBase):
    """The ``pipeline_class`` of a function that Python calls."""

    def define_pipelines(self) -> list[PassManager]:
        return _pipelines(self.state, _WholeLowering)
