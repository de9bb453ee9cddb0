;;; dataflare-test.el --- The real Emacs with the real server -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Run by `tests/e2e/test_emacs.py', which names the command of the server in DATAFLARE_TEST_COMMAND and a plugin with a
;; component in DATAFLARE_TEST_PLUGIN.

;;; Code:

(require 'cl-lib)
(require 'ert)
(require 'package)
(package-initialize)
(require 'eglot)
(require 'imenu)
(require 'subr-x)
(require 'dataflare)

(setq dataflare-program (split-string (getenv "DATAFLARE_TEST_COMMAND") "\n"))
(setq eglot-confirm-server-initiated-edits nil)

(defconst dataflare-test-types "package corp:app@1.0.0;

/// What flows through the pipeline.
interface types {
  /// One record.
  record data-record {
    id: string,
  }
}
")

(defconst dataflare-test-api "interface api {
  use types.{data-record};

  read: func() -> option<data-recrod>;
}
")

(defun dataflare-test-wait (what condition)
  "What CONDITION gives once it gives something; the error names WHAT."
  (let ((end (+ (float-time) 30)) found)
    (while (and (not (setq found (funcall condition))) (< (float-time) end))
      (accept-process-output nil 0.05)
      ;; Without a terminal Emacs is never idle: what it does then is done here.
      (when (eglot-current-server)
        (eglot--signal-textDocument/didChange)))
    (or found (error "Waited in vain for %s" what))))

(defun dataflare-test-mistakes ()
  "What flymake shows in the buffer: lines and messages."
  (mapcar (lambda (found)
            (cons (line-number-at-pos (flymake-diagnostic-beg found))
                  (car (split-string (flymake-diagnostic-text found) "\n"))))
          (flymake-diagnostics)))

(defmacro dataflare-test-in (folder file &rest body)
  "Run BODY in a buffer that visits FILE of FOLDER, with the server running."
  (declare (indent 2))
  `(let ((buffer (find-file-noselect (expand-file-name ,file ,folder))))
     (unwind-protect
         (with-current-buffer buffer
           (apply #'eglot--connect (eglot--guess-contact))
           (eglot--maybe-activate-editing-mode)
           (dataflare-test-wait "the server" #'eglot-current-server)
           (flymake-start)
           (unwind-protect (progn ,@body)
             (eglot-shutdown (eglot-current-server))))
       (with-current-buffer buffer (set-buffer-modified-p nil))
       (kill-buffer buffer))))

(defmacro dataflare-test-folder (&rest body)
  "Run BODY with `folder' naming an empty folder, which is a project of its own."
  `(let* ((folder (file-name-as-directory (make-temp-file "dataflare" t)))
          (project-find-functions (list (lambda (_) (cons 'transient folder)))))
     (unwind-protect (progn ,@body)
       (delete-directory folder t))))

(defun dataflare-test-write (folder)
  "Put the package of two files into FOLDER."
  (write-region dataflare-test-types nil (expand-file-name "types.wit" folder) nil 'quiet)
  (write-region dataflare-test-api nil (expand-file-name "api.wit" folder) nil 'quiet))

(defmacro dataflare-test-package (file &rest body)
  "Run BODY in FILE of a package of two files."
  (declare (indent 1))
  `(dataflare-test-folder
    (dataflare-test-write folder)
    (dataflare-test-in folder ,file ,@body)))

(ert-deftest dataflare-a-mistake-appears-and-vanishes-with-the-edit ()
  (dataflare-test-package "api.wit"
    (pcase-let ((`((,line . ,text)) (dataflare-test-wait "the mistake" #'dataflare-test-mistakes)))
      (should (= line 4))
      (should (string-suffix-p "no type `data-recrod` in interface `api`" text)))
    (goto-char (point-min))
    (search-forward "recrod")
    (replace-match "record")
    (dataflare-test-wait "the mistake to vanish" (lambda () (null (dataflare-test-mistakes))))))

(ert-deftest dataflare-a-type-is-completed-and-its-use-added ()
  (dataflare-test-package "api.wit"
    ;; Eglot 1.9 fails at diagnostics of a text that is gone: they come before the text goes.
    (dataflare-test-wait "the mistake" #'dataflare-test-mistakes)
    (erase-buffer)
    (insert "interface other {\n  read: func() -> data-r;\n}\n")
    (search-backward ";")
    (let* ((found (eglot-completion-at-point))
           (table (nth 2 found))
           (exit (plist-get (nthcdr 3 found) :exit-function))
           (names (all-completions "data-r" table)))
      (should (equal (mapcar #'substring-no-properties names) '("data-record")))
      (delete-region (nth 0 found) (nth 1 found))
      (insert (car names))
      (funcall exit (car names) 'finished))
    (should (string-match-p "use types\\.{data-record};" (buffer-string)))
    (should (string-match-p "read: func() -> data-record;" (buffer-string)))))

(ert-deftest dataflare-hover-shows-the-signature-and-the-documentation ()
  (dataflare-test-package "api.wit"
    (goto-char (point-min))
    (search-forward "data-rec")
    (let (shown)
      (eglot-hover-eldoc-function (lambda (text &rest _) (setq shown text)))
      (dataflare-test-wait "the hover" (lambda () shown))
      (should (string-match-p "record data-record" shown))
      (should (string-match-p "One record\\." shown)))))

(ert-deftest dataflare-definition-leads-into-the-other-file ()
  (dataflare-test-package "api.wit"
    (goto-char (point-min))
    (search-forward "data-rec")
    (let* ((found (car (xref-backend-definitions 'eglot (xref-backend-identifier-at-point 'eglot))))
           (place (xref-item-location found)))
      (should (string-suffix-p "types.wit" (xref-location-group place)))
      (should (= (xref-location-line place) 6)))))

(ert-deftest dataflare-the-outline-names-what-there-is ()
  (dataflare-test-package "types.wit"
    (should (string-match-p "data-record" (format "%S" (eglot-imenu))))))

(ert-deftest dataflare-formatting-lays-the-file-out ()
  (dataflare-test-package "api.wit"
    ;; Eglot 1.9 fails at diagnostics of a text that is gone: they come before the text goes.
    (dataflare-test-wait "the mistake" #'dataflare-test-mistakes)
    (erase-buffer)
    (insert "interface   api{a:func( x:u32 )->string;}\n")
    (eglot-format-buffer)
    (should (equal (buffer-string) "interface api {\n    a: func(x: u32) -> string;\n}\n"))))

(ert-deftest dataflare-a-quick-fix-mends-the-mistake ()
  (dataflare-test-package "api.wit"
    (dataflare-test-wait "the mistake" #'dataflare-test-mistakes)
    (goto-char (point-min))
    (search-forward "recrod")
    (let ((action (elt (eglot-code-actions (match-beginning 0) (match-end 0) "quickfix" nil) 0)))
      (eglot--apply-workspace-edit (plist-get action :edit)))
    (should (string-match-p "option<data-record>" (buffer-string)))))

(ert-deftest dataflare-a-manifest-is-served-and-other-toml-is-not ()
  (dataflare-test-folder
   (write-region "manifest-version = 1\n[plugin]\nname = \"corp:app\"\nversion = \"1.0.0\"\nkind = \"procesor\"\n"
                 nil (expand-file-name "dataflare.toml" folder) nil 'quiet)
   (write-region "[package]\n" nil (expand-file-name "Cargo.toml" folder) nil 'quiet)
   (dataflare-test-in folder "dataflare.toml"
     (should (eq major-mode 'dataflare-manifest-mode))
     (should (equal (mapcar #'car (dataflare-test-wait "the mistake" #'dataflare-test-mistakes)) '(5)))
     (with-current-buffer (find-file-noselect "Cargo.toml")
       (should-not (eq major-mode 'dataflare-manifest-mode))
       (should-not (eglot-current-server))
       (kill-buffer)))))

(ert-deftest dataflare-a-component-is-validated-and-shown-as-wit ()
  (let* ((folder (file-name-as-directory (getenv "DATAFLARE_TEST_PLUGIN")))
         (project-find-functions (list (lambda (_) (cons 'transient folder)))))
    (dataflare-test-in folder "dataflare.toml"
      (should (string-match-p "is valid and agrees" (dataflare-validate)))
      (save-window-excursion
        (dataflare-show-wit (expand-file-name "dataflare.toml" folder))
        (should (eq major-mode 'wit-mode))
        (should buffer-read-only)
        (should (string-match-p "export dataflare:core/data-processor@1\\.0\\.0;" (buffer-string)))
        (kill-buffer)))))

;; lsp-mode is a package of others, and needed by dap-mode.
(ert-deftest dataflare-lsp-mode-starts-the-server-too ()
  (skip-unless (require 'lsp-mode nil t))
  (dataflare-test-folder
   (let ((lsp-session-file (expand-file-name "session" folder))
         (lsp-auto-guess-root t)
         (lsp-restart 'ignore)
         (lsp-enable-file-watchers nil))
     (dataflare-test-write folder)
     (with-current-buffer (find-file-noselect (expand-file-name "api.wit" folder))
       (lsp)
       (let ((found (dataflare-test-wait "the mistake" (lambda () (car (hash-table-values (lsp-diagnostics)))))))
         (should (equal (mapcar (lambda (one) (gethash "code" one)) found) '("unresolved-name"))))
       (lsp-workspace-shutdown (car (lsp-workspaces)))
       (kill-buffer)))))

;; dap-mode is a package of others, too.
(ert-deftest dataflare-dap-mode-stops-where-the-plugin-calls-its-host ()
  (skip-unless (require 'dap-mode nil t))
  (let* ((folder (file-name-as-directory (getenv "DATAFLARE_TEST_PLUGIN")))
         (default-directory folder)
         (project-find-functions (list (lambda (_) (cons 'transient folder))))
         (lsp-session-file (expand-file-name "session" folder))
         (dap-breakpoints-file (expand-file-name "breakpoints" folder))
         (dap-auto-configure-features nil)
         (dap-auto-show-output nil)
         stopped terminated)
    (write-region "{\"id\":\"a\",\"timestamp\":1,\"payload\":[],\"metadata\":[]}\n" nil
                  (expand-file-name "records.ndjson" folder) nil 'quiet)
    (add-hook 'dap-stopped-hook (lambda (session) (setq stopped session)))
    (add-hook 'dap-terminated-hook (lambda (_) (setq terminated t)))
    (with-current-buffer (find-file-noselect (getenv "DATAFLARE_TEST_HOST_WIT"))
      (goto-char (point-min))
      (re-search-forward "^ *increment-counter: func")
      (dap-breakpoint-add))
    (with-current-buffer (find-file-noselect (expand-file-name "dataflare.toml" folder))
      (dap-debug (list :type "dataflare" :name "Debug" :input "records.ndjson"))
      (dataflare-test-wait "the stop" (lambda () stopped))
      (let ((frame (dataflare-test-wait "the frame" (lambda () (dap--debug-session-active-frame stopped)))))
        (should (string-prefix-p "metrics.increment-counter" (gethash "name" frame))))
      (dap-continue stopped (dap--debug-session-thread-id stopped))
      (dataflare-test-wait "the end" (lambda () terminated)))))

(ert-deftest dataflare-a-server-that-is-too-old-is-told ()
  (let (said)
    (cl-letf (((symbol-function 'display-warning) (lambda (_ text &rest _) (setq said text))))
      (dataflare--warn-of-version dataflare-minimum-version)
      (should-not said)
      (dataflare--warn-of-version "0.0.9")
      (should (string-match-p "dataflare-lsp 0\\.0\\.9, and 0\\.1\\.0 or newer is needed" said)))))

(ert-deftest dataflare-the-server-of-the-project-comes-before-that-on-path ()
  (dataflare-test-folder
   (let ((program (expand-file-name ".venv/bin/dataflare-lsp" folder))
         (default-directory folder)
         (exec-path nil))
     (should (equal (dataflare-command "serve") (append dataflare-program '("serve"))))
     (let ((dataflare-program nil))
       (should (string-match-p "was not found" (cadr (should-error (dataflare-command) :type 'user-error))))
       (make-directory (file-name-directory program) t)
       (write-region "" nil program nil 'quiet)
       (set-file-modes program #o755)
       (should (equal (dataflare-command "serve") (list program "serve")))))))

(defun dataflare-test-indented (text)
  "TEXT as `wit-mode' indents it."
  (with-temp-buffer
    (insert text)
    (wit-mode)
    (indent-region (point-min) (point-max))
    (buffer-string)))

(ert-deftest dataflare-lines-are-indented-by-brackets ()
  (should (equal (dataflare-test-indented "interface a {\n/// {\nrecord b {\nc: u8,\n}\nd: func(\ne: u8,\n) -> u8;\n}\n")
                 "interface a {\n    /// {\n    record b {\n        c: u8,\n    }\n    d: func(\n        e: u8,\n    ) -> u8;\n}\n")))

(ert-deftest dataflare-colours-and-comments ()
  (with-temp-buffer
    (insert "/* a /* b */ c */ interface my-api { get: func(a: u32); list: list<%type>; }\n")
    (wit-mode)
    (font-lock-ensure)
    (cl-flet ((face (word) (goto-char (point-min)) (search-forward word) (get-text-property (match-beginning 0) 'face)))
      (should (eq (face "c */") 'font-lock-comment-face))
      (should (eq (face "interface") 'font-lock-keyword-face))
      (should (eq (face "my-api") 'font-lock-type-face))
      (should (eq (face "get") 'font-lock-function-name-face))
      (should (eq (face "func") 'font-lock-keyword-face))
      (should (eq (face "u32") 'font-lock-builtin-face))
      (should-not (eq (face "type>") 'font-lock-keyword-face)))))

(provide 'dataflare-test)
;;; dataflare-test.el ends here
