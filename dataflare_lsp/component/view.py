"""How an interface, or a world, sees types: declared in it, used from another interface, or written out."""

from typing import Final, Literal, NamedTuple, TypeAlias

from dataflare_lsp.component import model
from dataflare_lsp.component.allowance import TextAllowance, TooLong
from dataflare_lsp.component.borrows import Borrows
from dataflare_lsp.component.consistency import may_be_type
from dataflare_lsp.component.errors import MalformedComponent, NotRepresentable
from dataflare_lsp.component.model import ValType
from dataflare_lsp.component.names import label, plain_name
from dataflare_lsp.component.package import (
    Alias,
    Composite,
    Function,
    InterfaceName,
    Member,
    Resource,
    TypeDeclaration,
    Use,
)
from dataflare_lsp.component.scope import Allowance, Entry, FuncItem, NamedType, Structure, TypeItem
from dataflare_lsp.wit.lexer import KEYWORDS, MAP_KEYS, PRIMITIVES

_MAX_TYPE_DEPTH: Final = 100
"""How deep a type may nest as text; the limit of the language's own parser."""

_MAX_TYPE_TEXT: Final = 1 << 16
"""How many characters a type without a name may take. Shared parts, written out each time, grow without end."""

_MEMBER: Final = 16
"""As how many characters a member of a type, or a parameter, counts before it is looked at."""

Place: TypeAlias = InterfaceName | str
"""Where a type is declared: an interface, or (told apart by a text) a world or an interface written in place there."""


class Declared(NamedTuple):
    """The declaration of a type."""

    place: Place
    name: str


def escaped(name: str) -> str:
    """`name` as it is written in WIT: with a leading `%` where it would be a keyword."""
    return f"%{name}" if name in KEYWORDS else name


class Register:
    """Which types have been declared, and where. `text` is how much may be written about all of them."""

    def __init__(self, allowance: Allowance, text: TextAllowance) -> None:
        self._allowance = allowance
        self.text = text
        self.borrows = Borrows(allowance)
        self._declared: dict[Entry, Declared] = {}

    def declare(self, type_: NamedType, declared: Declared) -> None:
        """Note that `type_` is declared, and with it a resource that it stands for and that was not yet."""
        root: Entry = type_
        while isinstance(root, NamedType) and root.bound is not None:
            root = root.bound
            self._allowance.spend(1, 0)
        if isinstance(root, NamedType) or isinstance(root.type, model.ResourceType):
            self._declared.setdefault(root, declared)
        self._declared[type_] = declared

    def nearest(self, entry: Entry, place: Place) -> Declared | Structure | None:
        """What a type is to someone at `place`: a declaration there or in an interface, or else its structure.

        For a resource without such a declaration it is one that `place` has no way to use, or None.
        """
        hidden: Declared | None = None
        while isinstance(entry, NamedType) or isinstance(entry.type, model.ResourceType):
            declared = self._declared.get(entry)
            if declared is not None:
                if declared.place == place or isinstance(declared.place, InterfaceName):
                    return declared
                hidden = hidden or declared
            bound = entry.bound if isinstance(entry, NamedType) else None
            if bound is None:
                return hidden
            self._allowance.spend(1, 0)
            entry = bound
        return entry


class View:
    """Declares and mentions types as those at `place` see them."""

    def __init__(self, place: Place, register: Register) -> None:
        self._place = place
        self._register = register
        self._text = register.text
        self._used: dict[Declared, str] = {}
        """Local names of types that are used from other interfaces."""
        self._spelled: dict[int, str] = {}
        """Types without a name by the identity of their entry, which the scope keeps alive."""

    def note(self, item: TypeItem, known: TypeDeclaration) -> None:
        """Take in the type `item`, which is declared here already."""
        found = self._register.nearest(item.type, self._place)
        if isinstance(found, Structure) and not may_be_type(known, found.type):
            raise NotRepresentable(f"the type `{item.name.name}` is not the same wherever its interface is mentioned")
        self._use(item, found)
        self._register.declare(item.type, Declared(self._place, item.name.name))

    def type_declaration(self, item: TypeItem) -> TypeDeclaration:
        """The declaration in WIT of the type `item`."""
        name = label(item.name.name, item.offset)
        declaration = self._declaration(item, name)
        self._register.declare(item.type, Declared(self._place, name))
        return declaration

    def _use(self, item: TypeItem, found: Declared | Structure | None) -> Use | None:
        """The `use` that the type `item` is, if it is one, kept for what mentions its source."""
        if not isinstance(found, Declared) or found.place == self._place:
            return None
        if not isinstance(found.place, InterfaceName):
            raise NotRepresentable(f"the type `{item.name.name}` is one that no interface defines")
        name = label(item.name.name, item.offset)
        self._text.spend(len(found.name))
        self._used.setdefault(found, name)
        return Use(name, found.place, label(found.name, item.offset), item.name.external_id)

    def _declaration(self, item: TypeItem, name: str) -> TypeDeclaration:
        external_id = item.name.external_id
        found = self._register.nearest(item.type, self._place)
        use = self._use(item, found)
        if use is not None:
            return use
        if isinstance(found, Declared):
            return Alias(name, escaped(found.name), external_id)
        if found is None:
            return Resource(name, external_id)
        type_ = found.type
        if isinstance(type_, (model.RecordType, model.VariantType, model.EnumType, model.FlagsType)):
            self._text.spend(_MEMBER * len(type_[0]))
        if isinstance(type_, model.RecordType):
            fields = [Member(label(field.name, found.offset), self._value(field.type, found)) for field in type_.fields]
            return Composite(name, "record", tuple(fields), external_id)
        if isinstance(type_, model.VariantType):
            cases = [Member(label(case.name, found.offset), self._payload(case.type, found)) for case in type_.cases]
            return Composite(name, "variant", tuple(cases), external_id)
        if isinstance(type_, (model.EnumType, model.FlagsType)):
            members = [Member(label(member, found.offset), None) for member in type_.names]
            keyword: Literal["enum", "flags"] = "enum" if isinstance(type_, model.EnumType) else "flags"
            return Composite(name, keyword, tuple(members), external_id)
        if isinstance(type_, model.OwnType):
            return Alias(name, f"own<{self._resource(type_.resource, found)}>", external_id)
        return Alias(name, self._structure(found, 0), external_id)

    def function(self, item: FuncItem) -> Function:
        """The declaration in WIT of the function `item`."""
        name = plain_name(item.name.name, item.offset)
        structure = item.structure
        type_ = structure.type
        assert isinstance(type_, model.FuncType)
        self._text.spend(_MEMBER * len(type_.params))
        params = tuple(
            [(label(param.name, structure.offset), self._value(param.type, structure)) for param in type_.params]
        )
        result = None if type_.result is None else self._value(type_.result, structure)
        if self._register.borrows.are_in(type_.result, structure):
            raise MalformedComponent(f"`{item.name.name}` returns a borrowed handle", structure.offset)
        if name.role == "method":
            receiver = ("self", f"borrow<{escaped(name.resource or '')}>")
            if params[:1] != (receiver,):
                raise MalformedComponent(f"`{item.name.name}` does not take `self` first", structure.offset)
            params = params[1:]
        elif name.role == "constructor":
            own = escaped(name.label)
            if result == own:
                result = None
            elif result is None or not _makes(result, own):
                raise MalformedComponent(f"`{item.name.name}` does not return its resource", structure.offset)
        if name.accessor is not None and not _is_accessor(name.accessor, params, result, type_.is_async):
            raise NotRepresentable(f"`{item.name.name}` has not the type of a {name.accessor}ter")
        return Function(
            item.name.name,
            name.label,
            name.role,
            name.resource,
            name.accessor,
            type_.is_async,
            params,
            result,
            item.name.external_id,
        )

    def _value(self, value: ValType, at: Structure, depth: int = 0) -> str:
        if isinstance(value, str):
            return value
        return self._entry(at.scope.type_at(value, at.position, at.offset), at.offset, depth)

    def _payload(self, value: ValType | None, at: Structure, depth: int = 0) -> str | None:
        return None if value is None else self._value(value, at, depth)

    def _resource(self, index: int, at: Structure) -> str:
        entry = at.scope.type_at(index, at.position, at.offset)
        if isinstance(entry, Structure) and not isinstance(entry.type, model.ResourceType):
            raise MalformedComponent(f"type {index} is not a resource", at.offset)
        return self._entry(entry, at.offset, 0)

    def _entry(self, entry: Entry, offset: int, depth: int) -> str:
        found = self._register.nearest(entry, self._place)
        if isinstance(found, Structure):
            spelled = self._spelled.get(id(found))
            if spelled is None:
                spelled = self._spelled[id(found)] = self._structure(found, depth)
            return spelled
        if found is not None and found.place == self._place:
            return escaped(found.name)
        used = self._used.get(found) if found is not None else None
        if used is None:
            name = f"the type `{entry.name}`" if isinstance(entry, NamedType) else "a resource"
            raise NotRepresentable(f"{name} is mentioned where no `use` brings it in")
        return escaped(used)

    def _structure(self, at: Structure, depth: int) -> str:
        """A type that has no name, written out."""
        if depth >= _MAX_TYPE_DEPTH:
            raise NotRepresentable(f"a type is nested more than {_MAX_TYPE_DEPTH} deep")
        text = self._spell(at, depth + 1)
        if len(text) > _MAX_TYPE_TEXT:
            raise TooLong
        self._text.spend(len(text))
        return text

    def _spell(self, at: Structure, depth: int) -> str:
        type_ = at.type
        if isinstance(type_, model.PrimitiveType):
            return type_.name
        if isinstance(type_, model.ListType):
            return f"list<{self._value(type_.element, at, depth)}>"
        if isinstance(type_, model.OptionType):
            return f"option<{self._value(type_.payload, at, depth)}>"
        if isinstance(type_, model.ResultType):
            ok, error = self._payload(type_.ok, at, depth), self._payload(type_.error, at, depth)
            if error is not None:
                return f"result<{ok or '_'}, {error}>"
            return "result" if ok is None else f"result<{ok}>"
        if isinstance(type_, model.TupleType):
            return f"tuple<{', '.join([self._value(element, at, depth) for element in type_.elements])}>"
        if isinstance(type_, model.OwnType):
            return self._resource(type_.resource, at)
        if isinstance(type_, model.BorrowType):
            return f"borrow<{self._resource(type_.resource, at)}>"
        if isinstance(type_, model.StreamType):
            element = self._payload(type_.element, at, depth)
            return "stream" if element is None else f"stream<{element}>"
        if isinstance(type_, model.FutureType):
            payload = self._payload(type_.payload, at, depth)
            return "future" if payload is None else f"future<{payload}>"
        if isinstance(type_, model.MapType):
            key = self._value(type_.key, at, depth)
            if key not in MAP_KEYS:
                raise MalformedComponent(f"`{key}` is the key of a map", at.offset)
            return f"map<{key}, {self._value(type_.value, at, depth)}>"
        if isinstance(type_, model.FixedLengthListType):
            return f"list<{self._value(type_.element, at, depth)}, {type_.length}>"
        if isinstance(type_, (model.RecordType, model.VariantType, model.EnumType, model.FlagsType)):
            raise NotRepresentable("a record, variant, enum or flags has no name")
        raise MalformedComponent("a value is of a type that is not one of values", at.offset)


def _is_accessor(kind: str, params: tuple[tuple[str, str], ...], result: str | None, is_async: bool) -> bool:
    """Whether a function can be written as a getter or setter; what a name stands for is not looked into."""
    if is_async:
        return False
    if kind == "get":
        return not params and result is not None
    is_plain = result is not None and (result in PRIMITIVES or "<" in result)
    return len(params) == 1 and (not is_plain or str(result).startswith("result<_"))


def _makes(result: str, own: str) -> bool:
    """Whether a constructor of the resource `own` may return `result`, which is a type by name or spelled out."""
    named = "<" not in result and result not in PRIMITIVES
    return named or result == f"result<{own}>" or result.startswith(f"result<{own}, ")
