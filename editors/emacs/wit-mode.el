;;; wit-mode.el --- Major mode for WIT, the WebAssembly Interface Type language -*- lexical-binding: t; -*-

;; Author: The DataFlare authors
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: languages
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Colours, comments and indentation for `.wit' files, by themselves.  What needs to know the language comes from its
;; server: see `dataflare.el'.

;;; Code:

(defgroup wit nil
  "WIT, the WebAssembly Interface Type language."
  :group 'languages)

(defcustom wit-indent-offset 4
  "Spaces for each level, as `dataflare-lsp fmt' lays files out."
  :type 'natnum
  :safe #'natnump)

(defvar wit-mode-syntax-table
  (let ((table (make-syntax-table)))
    ;; Comments: `// …' to the end of the line, and `/* … */', which nest.
    (modify-syntax-entry ?/ ". 124b" table)
    (modify-syntax-entry ?* ". 23n" table)
    (modify-syntax-entry ?\n "> b" table)
    ;; `a-b' and `%a' are one name.
    (modify-syntax-entry ?- "_" table)
    (modify-syntax-entry ?% "_" table)
    (modify-syntax-entry ?< "." table)
    (modify-syntax-entry ?> "." table)
    (modify-syntax-entry ?@ "." table)
    table)
  "Syntax table of `wit-mode'.")

(defconst wit--name "%?[[:alpha:]][[:alnum:]-]*"
  "A name, as a regular expression.")

(defconst wit--keywords
  '("package" "use" "import" "export" "include" "as" "with" "interface" "world" "type" "record" "variant" "enum"
    "flags" "resource" "func" "constructor" "static" "async" "get" "set")
  "Words that begin or join items.")

(defconst wit--types
  '("u8" "u16" "u32" "u64" "s8" "s16" "s32" "s64" "f32" "f64" "bool" "char" "string" "error-context" "list" "map"
    "option" "result" "tuple" "future" "stream" "own" "borrow")
  "Types that need no definition.")

(defvar wit-font-lock-keywords
  (let ((before "\\_<") (name (concat "\\(" wit--name "\\)")))
    `((,(concat before (regexp-opt '("interface" "world") t) "\\s-+" name) (2 font-lock-type-face))
      (,(concat before (regexp-opt '("type" "record" "variant" "enum" "flags" "resource") t) "\\s-+" name)
       (2 font-lock-type-face))
      ;; Of `get: func(…)' the name is a function, whatever word it is; of `key: string' a member.
      (,(concat name "\\s-*:\\s-*\\(?:static\\s-+\\)?\\(?:async\\s-+\\)?func\\_>") (1 font-lock-function-name-face))
      (,(concat name "\\s-*:[^:]") (1 font-lock-variable-name-face))
      ("@\\(?:since\\|unstable\\|deprecated\\|external-id\\)\\_>" . font-lock-preprocessor-face)
      (,(concat before (regexp-opt wit--keywords t) "\\_>") . font-lock-keyword-face)
      (,(concat before (regexp-opt wit--types t) "\\_>") . font-lock-builtin-face)))
  "Colours of `wit-mode'.")

(defun wit--depth (position)
  "How many brackets are open at POSITION."
  (car (syntax-ppss position)))

(defun wit-indent-line ()
  "Indent the line by the brackets that are open before it."
  (interactive)
  (let* ((start (line-beginning-position))
         (closes (save-excursion (back-to-indentation) (looking-at-p "[])}]")))
         (inside-comment (nth 4 (syntax-ppss start)))
         (level (max 0 (- (wit--depth start) (if closes 1 0))))
         (from-end (- (point-max) (point))))
    (unless inside-comment
      (indent-line-to (* level wit-indent-offset))
      ;; The cursor stays at the text that it was at.
      (when (> (- (point-max) from-end) (point))
        (goto-char (- (point-max) from-end))))))

;;;###autoload
(define-derived-mode wit-mode prog-mode "WIT"
  "Major mode for WIT, the WebAssembly Interface Type language."
  (setq-local comment-start "// ")
  (setq-local comment-start-skip "\\(?://+\\|/\\*+\\)\\s-*")
  (setq-local comment-end "")
  (setq-local parse-sexp-ignore-comments t)
  (setq-local font-lock-defaults '(wit-font-lock-keywords))
  (setq-local indent-line-function #'wit-indent-line)
  (setq-local indent-tabs-mode nil)
  (setq-local tab-width wit-indent-offset)
  (setq-local electric-indent-chars (append "})\n" electric-indent-chars)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.wit\\'" . wit-mode))

(provide 'wit-mode)
;;; wit-mode.el ends here
