"""Values as the engine's own Python interface has them, and calls by it: an independent reader of the same memory."""

from wasmtime import Store
from wasmtime import component as engine

from dataflare_lsp.runtime.instance import Loaded
from dataflare_lsp.values.types import Case, Value

FOREVER = 1 << 40
"""Ticks of an epoch that does not end."""


def echoed(component: Loaded, host: str, arguments: tuple[Value, ...]) -> Value:
    """What an echo gives back by the engine's own interface, with a host that hands on what it gets."""
    store = Store(component.engine)
    store.set_epoch_deadline(FOREVER)
    linker = engine.Linker(component.engine)
    with linker.root() as root, root.add_instance(host) as instance:
        instance.add_resource("thing", engine.ResourceType.host(1), lambda *_: None)
        instance.add_func("echo", lambda _, *given: given[0] if len(given) == 1 else given or None)
    function = linker.instantiate(store, component.component).get_func(store, "echo")
    assert function is not None
    signature = function.type(store)
    given = [to_stock(value, of) for value, (_, of) in zip(arguments, signature.params, strict=True)]
    answer = function(store, *given)
    function.post_return(store)
    return None if signature.result is None else from_stock(answer, signature.result)


def to_stock(value, type: engine.ValType):  # type: ignore[no-untyped-def]
    """A value of ours as one of the engine's interface."""
    match type:
        case engine.ListType():
            return value if isinstance(value, bytes) else [to_stock(one, type.element) for one in value]
        case engine.RecordType():
            made = engine.Record()
            for one, (name, of) in zip(value, type.fields, strict=True):
                setattr(made, name, to_stock(one, of))
            return made
        case engine.TupleType():
            return tuple([to_stock(one, of) for one, of in zip(value, type.elements, strict=True)])
        case engine.FlagsType():
            return set(value)
        case engine.VariantType() | engine.OptionType() | engine.ResultType():
            name, inner = ("none", None) if value is None else value
            of = dict(type._cases())[name]
            payload = None if of is None else to_stock(inner, of)
            return engine.Variant(name, payload) if type._tagged() else payload
    return value


def from_stock(value, type: engine.ValType) -> Value:  # type: ignore[no-untyped-def]
    """A value of the engine's interface as one of ours. Raises `ValueError` where it does not say which case it is."""
    match type:
        case engine.ListType():
            return value if isinstance(value, bytes) else tuple([from_stock(one, type.element) for one in value])
        case engine.RecordType():
            return tuple([from_stock(getattr(value, name), of) for name, of in type.fields])
        case engine.TupleType():
            return tuple([from_stock(one, of) for one, of in zip(value, type.elements, strict=True)])
        case engine.FlagsType():
            return tuple([name for name in type.names if name in value])
        case engine.VariantType() | engine.OptionType() | engine.ResultType():
            name, inner = (value.tag, value.payload) if type._tagged() else (_case_of(value, type), value)
            of = dict(type._cases())[name]
            payload = None if of is None else from_stock(inner, of)
            if isinstance(type, engine.OptionType) and name == "none":
                return None
            return Case(name, payload)
    return value


def _case_of(value: object, variant: engine.ValType) -> str:
    """The case of a value that has no tag, which is told by its class."""
    for name, of in variant._cases():  # type: ignore[attr-defined]
        if of is None:
            if value is None:
                return str(name)
            continue
        classes: set[type] = set()
        of.add_classes(classes)
        if isinstance(value, tuple(classes)):
            return str(name)
    raise ValueError(value)
