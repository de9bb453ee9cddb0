; Functions

(func_item) @function.outer

(func_item
  type: (func_type) @function.inner)

(resource_method) @function.outer

(resource_method
  type: (func_type) @function.inner)

(resource_constructor) @function.outer

(resource_constructor
  params: (param_list) @function.inner)

(import_item
  type: (func_type) @function.inner) @function.outer

(export_item
  type: (func_type) @function.inner) @function.outer

; Containers: packages, interfaces, worlds, types with a body

[
  (nested_package)
  (interface_item)
  (world_item)
  (inline_interface)
  (resource_item)
  (record_item)
  (variant_item)
  (enum_item)
  (flags_item)
] @class.outer

(package_body
  .
  "{"
  _+ @class.inner
  "}")

(interface_body
  .
  "{"
  _+ @class.inner
  "}")

(world_body
  .
  "{"
  _+ @class.inner
  "}")

(resource_body
  .
  "{"
  _+ @class.inner
  "}")

(record_body
  .
  "{"
  _+ @class.inner
  "}")

(variant_body
  .
  "{"
  _+ @class.inner
  "}")

(enum_body
  .
  "{"
  _+ @class.inner
  "}")

(flags_body
  .
  "{"
  _+ @class.inner
  "}")

; Parameters, and whatever else stands in a list

[
  (param)
  (record_field)
  (variant_case)
  (enum_case)
  (flag)
  (use_name)
  (include_name)
] @parameter.inner

(param_list
  "," @parameter.outer
  .
  (param) @parameter.outer)

(param_list
  .
  "("
  .
  (param) @parameter.outer
  .
  ","? @parameter.outer)

; Gates

[
  (since_gate)
  (unstable_gate)
  (deprecated_gate)
  (external_id)
] @attribute.outer

; Types assigned

(type_item
  name: (identifier) @assignment.lhs
  type: (_) @assignment.rhs @assignment.inner) @assignment.outer

; Comments

[
  (line_comment)
  (block_comment)
  (doc_comment)
  (block_doc_comment)
] @comment.outer

(doc_content) @comment.inner
