; Made from the grammar's queries by tests/support/queries.py. What stands further down wins.

[
  (package_body)
  (interface_body)
  (world_body)
  (resource_body)
  (record_body)
  (variant_body)
  (enum_body)
  (flags_body)
  (use_names)
  (include_names)
  (param_list)
  (tuple_type)
  (map_type)
  (result_type)
] @indent

[
  "}"
  ")"
  ">"
] @outdent
