; Scopes

[
  (source_file)
  (package_body)
  (interface_item)
  (inline_interface)
  (world_item)
  (resource_item)
  (func_type)
  (resource_constructor)
] @local.scope

; Definitions

(interface_item
  name: (identifier) @local.definition.namespace
  (#set! definition.namespace.scope "parent"))

(world_item
  name: (identifier) @local.definition.namespace
  (#set! definition.namespace.scope "parent"))

(toplevel_use_item
  path: (use_path
    name: (identifier) @local.definition.import)
  !alias)

(toplevel_use_item
  alias: (identifier) @local.definition.import)

(use_name
  name: (identifier) @local.definition.import
  !alias)

(use_name
  alias: (identifier) @local.definition.import)

[
  (type_item
    name: (identifier) @local.definition.type)
  (record_item
    name: (identifier) @local.definition.type)
  (variant_item
    name: (identifier) @local.definition.type)
  (enum_item
    name: (identifier) @local.definition.type)
  (flags_item
    name: (identifier) @local.definition.type)
]

(resource_item
  name: (identifier) @local.definition.type
  (#set! definition.type.scope "parent"))

(func_item
  name: (identifier) @local.definition.function)

(import_item
  name: (identifier) @local.definition.import)

(resource_method
  name: (identifier) @local.definition.method)

(param
  name: (identifier) @local.definition.parameter)

(record_field
  name: (identifier) @local.definition.field)

[
  (variant_case
    name: (identifier) @local.definition.enum)
  (enum_case
    name: (identifier) @local.definition.enum)
  (flag
    name: (identifier) @local.definition.enum)
]

; References

(named_type
  name: (identifier) @local.reference)

[
  (own_type
    resource: (identifier) @local.reference)
  (borrow_type
    resource: (identifier) @local.reference)
]

(use_path
  name: (identifier) @local.reference
  !namespace)
