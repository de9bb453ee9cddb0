"""The engine's C functions, called with addresses as plain numbers, and the layout of its values.

Source: wasmtime's C API, `wasmtime/component/val.h`. A value has 32 bytes: its kind, and 24 bytes of which the
kind says what they are. Lists, records and names are a size and an address.
"""

import ctypes
from typing import Final

from wasmtime import WasmtimeError
from wasmtime import _bindings as bindings

_dll: ctypes.CDLL = vars(bindings)["dll"]
_P, _N = ctypes.c_void_p, ctypes.c_size_t

# Functions that run WebAssembly let other threads of Python run meanwhile; the short ones do not.
func_call: Final = ctypes.CFUNCTYPE(_P, _P, _P, _P, _N, _P, _N)(("wasmtime_component_func_call", _dll))
resource_any_drop: Final = ctypes.CFUNCTYPE(_P, _P, _P)(("wasmtime_component_resource_any_drop", _dll))
val_clone: Final = ctypes.PYFUNCTYPE(None, _P, _P)(("wasmtime_component_val_clone", _dll))
val_delete: Final = ctypes.PYFUNCTYPE(None, _P)(("wasmtime_component_val_delete", _dll))
error_new: Final = ctypes.PYFUNCTYPE(_P, ctypes.c_char_p)(("wasmtime_error_new", _dll))
resource_any_clone: Final = ctypes.PYFUNCTYPE(_P, _P)(("wasmtime_component_resource_any_clone", _dll))
resource_any_delete: Final = ctypes.PYFUNCTYPE(None, _P)(("wasmtime_component_resource_any_delete", _dll))
resource_any_to_host: Final = ctypes.PYFUNCTYPE(_P, _P, _P, _P)(("wasmtime_component_resource_any_to_host", _dll))
resource_host_new: Final = ctypes.PYFUNCTYPE(_P, ctypes.c_bool, ctypes.c_uint32, ctypes.c_uint32)(
    ("wasmtime_component_resource_host_new", _dll)
)
resource_host_rep: Final = ctypes.PYFUNCTYPE(ctypes.c_uint32, _P)(("wasmtime_component_resource_host_rep", _dll))
resource_host_delete: Final = ctypes.PYFUNCTYPE(None, _P)(("wasmtime_component_resource_host_delete", _dll))
resource_host_to_any: Final = ctypes.PYFUNCTYPE(_P, _P, _P, _P)(("wasmtime_component_resource_host_to_any", _dll))

add_func: Final = ctypes.PYFUNCTYPE(_P, _P, ctypes.c_char_p, _N, _P, _P, _P)(
    ("wasmtime_component_linker_instance_add_func", _dll)
)
epoch_callback: Final = ctypes.PYFUNCTYPE(None, _P, _P, _P, _P)(("wasmtime_store_epoch_deadline_callback", _dll))


def message_of(error: int) -> str:
    """What an error of the engine's says; it is let go."""
    return str(_error_of(error))


def require(error: int | None) -> None:
    """Raises `WasmtimeError` where there is an error."""
    if error:
        raise _error_of(error)


def _error_of(error: int) -> WasmtimeError:
    return WasmtimeError._from_ptr(ctypes.cast(error, ctypes.POINTER(bindings.wasmtime_error_t)))


FuncCallback: Final = ctypes.CFUNCTYPE(_P, _P, _P, _P, _P, _N, _P, _N)
"""What the engine calls for a host's function: data, context, type, arguments and how many, results and how many."""

MEMORY: Final = memoryview((ctypes.c_char * (1 << 47)).from_address(0)).cast("B")
"""All that this process can address. Reading from it costs half of what `ctypes.string_at` does."""

VALUE_SIZE: Final = 32
_ENTRY_SIZE: Final = 48

FORMATS: Final[dict[str, str]] = {
    "bool": "?23x", "s8": "b23x", "u8": "B23x", "s16": "h22x", "u16": "H22x", "s32": "i20x", "u32": "I20x",
    "s64": "q16x", "u64": "Q16x", "f32": "f20x", "f64": "d16x",
}  # fmt: skip
"""How the 24 bytes of a value hold a number or a truth, for `struct`."""

KINDS: Final = {
    "bool": 0, "s8": 1, "u8": 2, "s16": 3, "u16": 4, "s32": 5, "u32": 6, "s64": 7, "u64": 8, "f32": 9, "f64": 10,
    "char": 11, "string": 12, "list": 13, "record": 14, "tuple": 15, "variant": 16, "enum": 17, "option": 18,
    "result": 19, "flags": 20, "resource": 21,
}  # fmt: skip


def _require_layout() -> None:
    """Raises `ImportError` where the engine lays values out otherwise: another release, or another kind of machine."""
    import sys

    from wasmtime import _ffi

    value, entry = bindings.wasmtime_component_val, bindings.wasmtime_component_valrecord_entry
    fits = (
        sys.byteorder == "little"
        and (ctypes.sizeof(value), value.of.offset) == (VALUE_SIZE, 8)
        and (ctypes.sizeof(entry), entry.val.offset) == (_ENTRY_SIZE, 16)
        and all(getattr(_ffi, f"WASMTIME_COMPONENT_{name.upper()}").value == kind for name, kind in KINDS.items())
    )
    if not fits:
        raise ImportError("this release of wasmtime lays component values out in a way that is not known here")


_require_layout()
