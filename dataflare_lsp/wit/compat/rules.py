"""The rules: whom a change breaks, by the component model, and the bump of the version that follows.

Two facts decide. Value types and functions are the same on both sides, or do not fit: there is no subtyping between
them. Instances and components have subtyping by width: they may export more and import less than is asked for. So what
a component imports may grow and what it exports may shrink without a component noticing; hosts see it the other way
round.
Specification: Explainer.md, "Type Checking" and "Canonical Interface Name"; WIT.md, "Feature gate syntax".
"""

from collections.abc import Callable, Collection
from typing import Literal

from dataflare_lsp.wit.compat.change import Break
from dataflare_lsp.wit.compat.versions import Bump

Role = Literal["import", "export"]
"""What worlds do with an interface."""

Event = Literal["added", "removed", "changed"]


def bump_of(event: Event, breaks: Collection[Break]) -> Bump:
    """The least step of the version that allows a change.

    A version promises that what was built against an earlier compatible one goes on working where the later one is
    provided. It never promises that an old host can run what was built for a newer version; that is what the minor
    number is for.
    """
    if any(one.whom != "hosts" for one in breaks):
        return "major"
    return "minor" if breaks or event == "added" else "patch"


def _rule(imported: tuple[Break, ...], exported: tuple[Break, ...]) -> Callable[[Collection[Role]], tuple[Break, ...]]:
    """Whom something breaks that is imported, exported, or both. What no world speaks of is meant to be imported."""

    def breaks(roles: Collection[Role]) -> tuple[Break, ...]:
        found = imported if "import" in roles or not roles else ()
        return (*found, *exported) if "export" in roles else found

    return breaks


def _components(why: str) -> tuple[Break, ...]:
    return (Break("components", why),)


def _hosts(why: str) -> tuple[Break, ...]:
    return (Break("hosts", why),)


added_function = _rule(
    _hosts("a host of the old version does not provide it, and a component of the new one may import it"),
    _components("a component of the old version does not export it, and a host of the new one asks for it"),
)
removed_function = _rule(
    _components("a component of the old version may import it, and a host of the new one does not provide it"),
    _hosts("a host of the old version asks for it, and a component of the new one does not export it"),
)
added_resource = _rule(
    _hosts("a host of the old version does not provide it, and a component of the new one may import it"),
    _components("a component of the old version does not export it, and a host of the new one asks for it"),
)
_NOT_EXPORTED = _components(
    "a component of the old version does not export the type by this name, as an instance of the new one must"
)
added_type_in_use = _rule(
    _hosts("a component of the new version imports the type by this name along with what uses it"), _NOT_EXPORTED
)
added_type_unused = _rule((), _NOT_EXPORTED)
removed_type_in_use = _rule(
    _components("a component of the old version imports the type by this name along with what uses it"),
    _hosts(
        "a host of the old version asks for the type by this name, and a component of the new one does not export it"
    ),
)
removed_type_unused = _rule(
    (),
    _hosts(
        "a host of the old version asks for the type by this name, and a component of the new one does not export it"
    ),
)

NAMED_TYPE_GONE = Break("packages", "WIT that uses the type by this name no longer resolves")
INTERFACE_GONE = Break("packages", "WIT that imports, exports or uses it no longer resolves")
WORLD_GONE = Break("packages", "nothing can be built for it, and WIT that includes it no longer resolves")
TYPE_DIFFERS = Break("packages", "what they build with the type does not fit what others have built with the old one")

_STRUCTURE = "a type is the same on both sides or does not fit: there is no subtyping between value types"
CHANGED_TYPE = (Break("components", _STRUCTURE), Break("hosts", _STRUCTURE))

_FUNCTION = "a function is the same on both sides, in parameters, their names, result and async, or does not fit"
CHANGED_FUNCTION = (Break("components", _FUNCTION), Break("hosts", _FUNCTION))

_KIND = "what is of another kind does not fit, whatever its name"
CHANGED_KIND = (Break("components", _KIND), Break("hosts", _KIND))

_RESOURCE = "a resource is the same only as itself, and what is imported is another one than what is exported"
CHANGED_RESOURCE = (Break("components", _RESOURCE), Break("hosts", _RESOURCE))

NOW_UNSTABLE = Break("components", "a component of the old version may use it, and a host need not have the feature")

added_import = _hosts("a host of the old version does not provide it, and a component of the new one may import it")
removed_import = _components(
    "a component of the old version may import it, and a host of the new one does not provide it"
)
added_export = _components("a component of the old version does not export it, and a host of the new one asks for it")
removed_export = _hosts("a host of the old version asks for it, and a component of the new one does not export it")
