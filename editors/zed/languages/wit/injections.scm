((doc_content) @injection.content
  (#set! injection.language "markdown")
  (#set! injection.combined))
