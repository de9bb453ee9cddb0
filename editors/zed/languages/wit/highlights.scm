; Made from the grammar's queries by tests/support/queries.py. What stands further down wins.

(identifier) @variable

(package_name
  namespace: (identifier) @type
  name: (identifier) @type)

(use_path
  namespace: (identifier) @type)

(use_path
  package: (identifier) @type)

(use_path
  name: (identifier) @type)

(version) @string.special

[
  (interface_item
    name: (identifier) @type)
  (world_item
    name: (identifier) @type)
  (toplevel_use_item
    alias: (identifier) @type)
]

(import_item
  name: (identifier) @type)

(export_item
  name: (identifier) @type)

(import_item
  name: (identifier) @function
  type: (func_type))

(export_item
  name: (identifier) @function
  type: (func_type))

(include_name
  name: (identifier) @function
  alias: (identifier) @function)

(builtin_type) @type.builtin

[
  "borrow"
  "future"
  "list"
  "map"
  "option"
  "own"
  "result"
  "stream"
  "tuple"
] @type.builtin

(named_type
  name: (identifier) @type)

[
  (own_type
    resource: (identifier) @type)
  (borrow_type
    resource: (identifier) @type)
]

[
  (type_item
    name: (identifier) @type.definition)
  (record_item
    name: (identifier) @type)
  (variant_item
    name: (identifier) @type)
  (enum_item
    name: (identifier) @type)
  (flags_item
    name: (identifier) @type)
  (resource_item
    name: (identifier) @type)
]

(use_name
  name: (identifier) @type)

(use_name
  alias: (identifier) @type)

(record_field
  name: (identifier) @property)

[
  (variant_case
    name: (identifier) @variant)
  (enum_case
    name: (identifier) @variant)
  (flag
    name: (identifier) @variant)
]

(func_item
  name: (identifier) @function)

(resource_method
  name: (identifier) @function.method)

(param
  name: (identifier) @variable.parameter)

[
  (since_gate
    "@" @attribute
    "since" @attribute)
  (unstable_gate
    "@" @attribute
    "unstable" @attribute)
  (deprecated_gate
    "@" @attribute
    "deprecated" @attribute)
  (external_id
    "@" @attribute
    "external-id" @attribute)
  (unknown_gate
    "@" @attribute)
]

(unknown_gate
  name: (identifier) @attribute)

[
  "version"
  "feature"
] @property

(unstable_gate
  feature: (identifier) @string.special.symbol)

[
  "package"
  "use"
  "import"
  "export"
  "include"
  "as"
  "with"
] @keyword.import

[
  "interface"
  "world"
  "type"
  "record"
  "variant"
  "enum"
  "flags"
  "resource"
] @keyword.type

[
  "func"
  "get"
  "set"
] @keyword.function

(resource_constructor
  "constructor" @constructor)

"async" @keyword.coroutine

"static" @keyword.modifier

(integer) @number

(string_literal) @string

(escape_sequence) @string.escape

[
  "->"
  "="
] @operator

[
  ","
  ":"
  ";"
  "."
  "/"
] @punctuation.delimiter

[
  "{"
  "}"
  "("
  ")"
  "<"
  ">"
] @punctuation.bracket

(package_name
  "@" @punctuation.delimiter)

(use_path
  "@" @punctuation.delimiter)

"_" @variable.special

[
  (line_comment)
  (block_comment)
] @comment

[
  (doc_comment)
  (block_doc_comment)
] @comment.doc
