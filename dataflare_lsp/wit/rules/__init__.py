"""The rules of WIT: each a small function from syntax and names to findings.

`items` needs one item alone; `scopes` an interface (or a world's types) and what it uses, with `paths`, `missing` names
and `gates` for parts of it; `worlds` a world and what it includes; `packages` the files of a package and the packages
of a root. Every rule that the reference has is here, and reports every breach, not the first.
"""
