; Documentation is Markdown. The lines of one comment are one text, so that lists
; and code blocks span them.
((doc_content) @injection.content
  (#set! injection.language "markdown")
  (#set! injection.combined))

((block_doc_comment) @injection.content
  (#offset! @injection.content 0 3 0 -2)
  (#set! injection.language "markdown"))

([
  (line_comment)
  (block_comment)
] @injection.content
  (#set! injection.language "comment"))
