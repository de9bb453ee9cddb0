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
] @indent.begin

[
  "}"
  ")"
  ">"
] @indent.branch @indent.end

[
  (block_comment)
  (block_doc_comment)
] @indent.auto

[
  (line_comment)
  (doc_comment)
] @indent.ignore
