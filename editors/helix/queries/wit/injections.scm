; Made from the grammar's queries by tests/support/queries.py. What stands further down wins.

((doc_content) @injection.content
  (#set! injection.language "markdown")
  (#set! injection.combined))

([
  (line_comment)
  (block_comment)
] @injection.content
  (#set! injection.language "comment"))
