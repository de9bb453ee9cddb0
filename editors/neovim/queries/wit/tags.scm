; Definitions

(
  (doc_comment
    content: (doc_content) @doc)*
  .
  (interface_item
    name: (identifier) @name) @definition.interface
  (#strip! @doc "^ ")
  (#select-adjacent! @doc @definition.interface)
)

(
  (doc_comment
    content: (doc_content) @doc)*
  .
  (world_item
    name: (identifier) @name) @definition.module
  (#strip! @doc "^ ")
  (#select-adjacent! @doc @definition.module)
)

(
  (doc_comment
    content: (doc_content) @doc)*
  .
  [
    (resource_item
      name: (identifier) @name)
    (record_item
      name: (identifier) @name)
    (variant_item
      name: (identifier) @name)
    (enum_item
      name: (identifier) @name)
    (flags_item
      name: (identifier) @name)
  ] @definition.class
  (#strip! @doc "^ ")
  (#select-adjacent! @doc @definition.class)
)

(
  (doc_comment
    content: (doc_content) @doc)*
  .
  (type_item
    name: (identifier) @name) @definition.type
  (#strip! @doc "^ ")
  (#select-adjacent! @doc @definition.type)
)

(
  (doc_comment
    content: (doc_content) @doc)*
  .
  (func_item
    name: (identifier) @name) @definition.function
  (#strip! @doc "^ ")
  (#select-adjacent! @doc @definition.function)
)

(
  (doc_comment
    content: (doc_content) @doc)*
  .
  (resource_method
    name: (identifier) @name) @definition.method
  (#strip! @doc "^ ")
  (#select-adjacent! @doc @definition.method)
)

(import_item
  name: (identifier) @name
  type: (func_type)) @definition.function

(export_item
  name: (identifier) @name
  type: (func_type)) @definition.function

(import_item
  name: (identifier) @name
  type: (inline_interface)) @definition.interface

(export_item
  name: (identifier) @name
  type: (inline_interface)) @definition.interface

; References

(named_type
  name: (identifier) @name) @reference.type

(own_type
  resource: (identifier) @name) @reference.type

(borrow_type
  resource: (identifier) @name) @reference.type

(use_name
  name: (identifier) @name) @reference.type

(use_path
  name: (identifier) @name) @reference.interface
