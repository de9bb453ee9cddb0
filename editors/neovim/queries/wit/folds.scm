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
  (doc_comment)+
  (line_comment)+
  (block_comment)
  (block_doc_comment)
] @fold
