; Made from the grammar's queries by tests/support/queries.py. What stands further down wins.

(identifier) @variable

(package_name
  namespace: (identifier) @namespace
  name: (identifier) @namespace)

(use_path
  namespace: (identifier) @namespace)

(use_path
  package: (identifier) @namespace)

(use_path
  name: (identifier) @namespace)

(version) @string.special

[
  (interface_item
    name: (identifier) @namespace)
  (world_item
    name: (identifier) @namespace)
  (toplevel_use_item
    alias: (identifier) @namespace)
]

(import_item
  name: (identifier) @namespace)

(export_item
  name: (identifier) @namespace)

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
    name: (identifier) @type)
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
  name: (identifier) @variable.other.member)

[
  (variant_case
    name: (identifier) @type.enum.variant)
  (enum_case
    name: (identifier) @type.enum.variant)
  (flag
    name: (identifier) @type.enum.variant)
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
] @attribute

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
] @keyword.control.import

[
  "interface"
  "world"
  "type"
  "record"
  "variant"
  "enum"
  "flags"
  "resource"
] @keyword.storage.type

[
  "func"
  "get"
  "set"
] @keyword.function

(resource_constructor
  "constructor" @constructor)

"async" @keyword.storage.modifier

"static" @keyword.storage.modifier

(integer) @constant.numeric.integer

(string_literal) @string

(escape_sequence) @constant.character.escape

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

"_" @variable.builtin

[
  (line_comment)
  (block_comment)
] @comment

[
  (doc_comment)
  (block_doc_comment)
] @comment.block.documentation
