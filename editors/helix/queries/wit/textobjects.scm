; Made from the grammar's queries by tests/support/queries.py. What stands further down wins.

(func_item) @function.around

(func_item
  type: (func_type) @function.inside)

(resource_method) @function.around

(resource_method
  type: (func_type) @function.inside)

(resource_constructor) @function.around

(resource_constructor
  params: (param_list) @function.inside)

(import_item
  type: (func_type) @function.inside) @function.around

(export_item
  type: (func_type) @function.inside) @function.around

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
] @class.around

(package_body
  .
  "{"
  _+ @class.inside
  "}")

(interface_body
  .
  "{"
  _+ @class.inside
  "}")

(world_body
  .
  "{"
  _+ @class.inside
  "}")

(resource_body
  .
  "{"
  _+ @class.inside
  "}")

(record_body
  .
  "{"
  _+ @class.inside
  "}")

(variant_body
  .
  "{"
  _+ @class.inside
  "}")

(enum_body
  .
  "{"
  _+ @class.inside
  "}")

(flags_body
  .
  "{"
  _+ @class.inside
  "}")

[
  (param)
  (record_field)
  (variant_case)
  (enum_case)
  (flag)
  (use_name)
  (include_name)
] @parameter.inside

(param_list
  "," @parameter.around
  .
  (param) @parameter.around)

(param_list
  .
  "("
  .
  (param) @parameter.around
  .
  ","? @parameter.around)

[
  (line_comment)
  (block_comment)
  (doc_comment)
  (block_doc_comment)
] @comment.around

(doc_content) @comment.inside
