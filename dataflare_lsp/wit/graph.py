"""Orders and cycles of small directed graphs, without recursion."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

N = TypeVar("N", bound=Hashable)


MOST_STEPS = 8
"""How many steps of a circle are told."""


def way(cycle: Sequence[str]) -> str:
    """A circle in words; of a long one its start and its end."""
    steps = [f"`{step}`" for step in (*cycle, cycle[0])]
    if len(steps) > MOST_STEPS:
        steps[MOST_STEPS - 2 : -1] = ["…"]
    return " → ".join(steps)


def looping(edges: Mapping[N, Sequence[N]]) -> frozenset[N]:
    """The nodes that lead back to themselves."""
    stuck = _stuck(edges)
    return frozenset(node for part in _components(stuck, edges) for node in part) if stuck else frozenset()


def cycles(edges: Mapping[N, Sequence[N]]) -> list[list[N]]:
    """The cycles of a graph, one for each strongly connected part, as the nodes along it.

    Each starts at the part's first node in the order of `edges`, and goes on to the first node of the part that this
    one leads to. Where the first node of the graph that can have no place in an order leads into the part from outside,
    the second node of the cycle is the one that it leads to. So the reference reports the first cycle: at its second
    node, or where its first one refers to it. Edges to unknown nodes do not count.
    """
    stuck = _stuck(edges)
    if not stuck:
        return []
    first = next(iter(stuck))
    entered = next(target for target in edges[first] if target in stuck)
    found = []
    for part in _components(stuck, edges):
        members = set(part)
        if entered in members and first not in members:
            found.append(_turned(_way(entered, entered, members, edges)))
        else:
            second = next(target for target in edges[part[0]] if target in members)
            found.append([part[0], *_way(second, part[0], members, edges)] if second != part[0] else [second])
    return found


def _turned(cycle: list[N]) -> list[N]:
    return [cycle[-1], *cycle[:-1]]


def _stuck(edges: Mapping[N, Sequence[N]]) -> dict[N, None]:
    """The nodes that a topological sort cannot place: those on a cycle or leading to one."""
    waiting: dict[N, int] = {}
    readers: dict[N, list[N]] = {}
    ready: list[N] = []
    for node, targets in edges.items():
        count = 0
        for target in targets:
            if target in edges:
                count += 1
                readers.setdefault(target, []).append(node)
        if count:
            waiting[node] = count
        else:
            ready.append(node)
    while ready:
        for reader in readers.get(ready.pop(), ()):
            waiting[reader] -= 1
            if not waiting[reader]:
                del waiting[reader]
                ready.append(reader)
    return dict.fromkeys(node for node in edges if node in waiting)


def _components(nodes: Mapping[N, None], edges: Mapping[N, Sequence[N]]) -> list[list[N]]:
    """The strongly connected parts among `nodes` that hold a cycle (Tarjan's algorithm), nodes in the given order."""
    index: dict[N, int] = {}
    low: dict[N, int] = {}
    on_stack: dict[N, None] = {}
    found: list[set[N]] = []
    for root in nodes:
        if root in index:
            continue
        work = [(root, iter([t for t in edges[root] if t in nodes]))]
        index[root] = low[root] = len(index)
        on_stack[root] = None
        while work:
            node, targets = work[-1]
            target = next(targets, None)
            if target is None:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
                if low[node] == index[node]:
                    part = set()
                    while True:
                        member = next(reversed(on_stack))
                        del on_stack[member]
                        part.add(member)
                        if member == node:
                            break
                    if len(part) > 1 or node in edges[node]:
                        found.append(part)
            elif target not in index:
                index[target] = low[target] = len(index)
                on_stack[target] = None
                work.append((target, iter([t for t in edges[target] if t in nodes])))
            elif target in on_stack:
                low[node] = min(low[node], index[target])
    order = {node: n for n, node in enumerate(nodes)}
    parts = [sorted(part, key=order.__getitem__) for part in found]
    return sorted(parts, key=lambda part: order[part[0]])


def _way(start: N, end: N, part: set[N], edges: Mapping[N, Sequence[N]]) -> list[N]:
    """A shortest way from `start` to a node that leads to `end`, within a strongly connected part."""
    came: dict[N, N] = {}
    wave = [start]
    while wave:
        following = []
        for node in wave:
            for target in edges[node]:
                if target == end:
                    way = [node]
                    while way[-1] != start:
                        way.append(came[way[-1]])
                    return way[::-1]
                if target in part and target not in came:
                    came[target] = node
                    following.append(target)
        wave = following
    raise ValueError("the part is not strongly connected")
