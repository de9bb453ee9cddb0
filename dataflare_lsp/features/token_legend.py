"""The legend of semantic tokens, apart from them: the server names it before it imports what makes tokens."""

LEGEND_TYPES = (
    "namespace", "type", "class", "enum", "interface", "struct", "typeParameter", "parameter", "variable", "property",
    "enumMember", "function", "method", "keyword", "modifier", "comment", "string", "number", "operator", "decorator",
)  # fmt: skip
"""The types of tokens, by the names of the protocol's standard legend."""

LEGEND_MODIFIERS = ("declaration", "readonly", "static", "deprecated", "async", "documentation", "defaultLibrary")
"""The modifiers of tokens, by the names of the protocol's standard legend."""
