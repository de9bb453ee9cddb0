"""The resolved package as JSON, in the reference's own form (that of `wasm-tools component wit --json`)."""

import json
from collections.abc import Mapping

from dataflare_lsp.wit.resolved import (
    Alias,
    Enum,
    FixedLengthList,
    Flags,
    Function,
    Future,
    Handle,
    Interface,
    InterfaceItem,
    Kind,
    List,
    Map,
    Option,
    Owner,
    Package,
    Record,
    Resolve,
    Resource,
    Result,
    Stability,
    Stable,
    Stream,
    Tuple,
    TypeDef,
    TypeItem,
    Variant,
    World,
    WorldItem,
    WorldKey,
)

Json = str | int | None | dict[str, "Json"] | list["Json"]


def dumps(resolve: Resolve) -> str:
    """The text of the JSON form, indented by two spaces, without a line break at its end."""
    form: Json = {
        "worlds": [_world(world) for world in resolve.worlds],
        "interfaces": [_interface(interface) for interface in resolve.interfaces],
        "types": [_type(definition) for definition in resolve.types],
        "packages": [_package(package) for package in resolve.packages],
    }
    return json.dumps(form, indent=2, ensure_ascii=False)


def _package(package: Package) -> Json:
    return {
        "name": str(package.name),
        **_docs(package.docs),
        "interfaces": dict(package.interfaces),
        "worlds": dict(package.worlds),
    }


def _world(world: World) -> Json:
    return {
        "name": world.name,
        "imports": _items(world.imports),
        "exports": _items(world.exports),
        "package": world.package,
        **_docs(world.docs),
        **_stability(world.stability),
    }


def _items(items: Mapping[WorldKey, WorldItem]) -> Json:
    return {key if isinstance(key, str) else f"interface-{key}": _item(item) for key, item in items.items()}


def _item(item: WorldItem) -> Json:
    match item:
        case InterfaceItem(id, stability, external_id, docs):
            return {"interface": {"id": id, **_stability(stability), **_external_id(external_id), **_docs(docs)}}
        case TypeItem(id):
            return {"type": id}
        case Function():
            return {"function": _function(item)}


def _interface(interface: Interface) -> Json:
    form: dict[str, Json] = {
        "name": interface.name,
        "types": dict(interface.types),
        "functions": {name: _function(function) for name, function in interface.functions.items()},
        **_docs(interface.docs),
        **_stability(interface.stability),
        "package": interface.package,
    }
    if interface.clone_of is not None:
        form["clone_of"] = interface.clone_of
    return form


def _function(function: Function) -> Json:
    form, resource = function.kind
    parts: dict[str, Json] = {
        "name": function.name,
        "kind": form if resource is None else {form: resource},
        "params": [{"name": param.name, "type": param.type} for param in function.params],
    }
    if function.result is not None:
        parts["result"] = function.result
    return {
        **parts,
        **_docs(function.docs),
        **_stability(function.stability),
        **_external_id(function.external_id),
    }


def _type(definition: TypeDef) -> Json:
    return {
        "name": definition.name,
        "kind": _kind(definition.kind),
        "owner": _owner(definition.owner),
        **_docs(definition.docs),
        **_stability(definition.stability),
        **_external_id(definition.external_id),
    }


def _owner(owner: Owner | None) -> Json:
    return None if owner is None else {owner.kind: owner.id}


def _kind(kind: Kind) -> Json:
    match kind:
        case Record(fields):
            return {"record": {"fields": [{"name": n, "type": t, **_docs(docs)} for n, t, docs in fields]}}
        case Variant(cases):
            return {"variant": {"cases": [{"name": n, "type": t, **_docs(docs)} for n, t, docs in cases]}}
        case Enum(cases):
            return {"enum": {"cases": [{"name": n, **_docs(docs)} for n, docs in cases]}}
        case Flags(flags):
            return {"flags": {"flags": [{"name": n, **_docs(docs)} for n, docs in flags]}}
        case Resource():
            return "resource"
        case Handle(borrowed, resource):
            return {"handle": {"borrow" if borrowed else "own": resource}}
        case Tuple(types):
            return {"tuple": {"types": list(types)}}
        case Option(type):
            return {"option": type}
        case Result(ok, err):
            return {"result": {"ok": ok, "err": err}}
        case List(type):
            return {"list": type}
        case FixedLengthList(type, length):
            return {"fixed-length-list": [type, length]}
        case Map(key, value):
            return {"map": [key, value]}
        case Future(payload):
            return {"future": payload}
        case Stream(payload):
            return {"stream": payload}
        case Alias(type):
            return {"type": type}


def _docs(docs: str | None) -> dict[str, Json]:
    return {} if docs is None else {"docs": {"contents": docs}}


def _external_id(external_id: str | None) -> dict[str, Json]:
    return {} if external_id is None else {"external_id": external_id}


def _stability(stability: Stability) -> dict[str, Json]:
    if stability is None:
        return {}
    deprecated: dict[str, Json] = {} if stability.deprecated is None else {"deprecated": stability.deprecated}
    if isinstance(stability, Stable):
        return {"stability": {"stable": {"since": stability.since, **deprecated}}}
    return {"stability": {"unstable": {"feature": stability.feature, **deprecated}}}
