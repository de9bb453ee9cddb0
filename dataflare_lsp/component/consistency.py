"""Whether two views of an interface agree on what both have.

A component may import an interface and export it, and have other parts of it in each place; WIT has one interface for
both. What is compared is what can be without following names: the names of members, and primitive types.
"""

from collections.abc import Sequence
from typing import Final

from dataflare_lsp.component import model
from dataflare_lsp.component.binary import PRIMITIVES
from dataflare_lsp.component.model import ValType
from dataflare_lsp.component.package import Composite, Function, TypeDeclaration

_NAMES: Final = frozenset(PRIMITIVES.values())


def may_be_type(known: TypeDeclaration, type_: model.Type) -> bool:
    """Whether the declaration `known` may be one of `type_`."""
    if not isinstance(known, Composite):
        return True
    names = [member.name for member in known.members]
    match type_:
        case model.RecordType(fields):
            members = [(field.name, field.type) for field in fields]
            return known.keyword == "record" and _same(known.members, members)
        case model.VariantType(cases):
            return known.keyword == "variant" and _same(known.members, [(case.name, case.type) for case in cases])
        case model.EnumType(labels):
            return known.keyword == "enum" and names == list(labels)
        case model.FlagsType(labels):
            return known.keyword == "flags" and names == list(labels)
    return False


def may_be_function(known: Function, type_: model.FuncType) -> bool:
    """Whether the declaration `known` may be one of `type_`."""
    params = type_.params[1:] if known.role == "method" else type_.params
    has_result = known.role == "constructor" or (known.result is None) == (type_.result is None)
    return known.is_async == type_.is_async and has_result and _same(known.params, params)


def _same(known: Sequence[tuple[str, str | None]], found: Sequence[tuple[str, ValType | None]]) -> bool:
    """Whether members, or parameters, have the same names, and types that may be the same."""
    return len(known) == len(found) and all(
        name == other and _may_be(text, type_) for (name, text), (other, type_) in zip(known, found, strict=True)
    )


def _may_be(text: str | None, type_: ValType | None) -> bool:
    if text is None or type_ is None:
        return text is None and type_ is None
    return text == type_ or not isinstance(type_, str) or text not in _NAMES
