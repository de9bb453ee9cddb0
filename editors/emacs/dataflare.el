;;; dataflare.el --- Language server and debugger for WIT and DataFlare plugins -*- lexical-binding: t; -*-

;; Author: The DataFlare authors
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: languages, tools
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; With this file loaded, `M-x eglot' in a `.wit' file or a `dataflare.toml' starts `dataflare-lsp'.  So does `M-x lsp'
;; for those who use lsp-mode, and `M-x dap-debug' starts its debugger.  Whichever of these packages is there is told.

;;; Code:

(require 'conf-mode)
(require 'project)
(require 'url-util)
(require 'wit-mode)

(declare-function eglot-current-server "ext:eglot")
(declare-function eglot--server-info "ext:eglot")
(declare-function jsonrpc-request "ext:jsonrpc")
(declare-function lsp-register-client "ext:lsp-mode")
(declare-function lsp-stdio-connection "ext:lsp-mode")
(declare-function lsp-workspaces "ext:lsp-mode")
(declare-function lsp-request "ext:lsp-mode")
(declare-function make-lsp-client "ext:lsp-mode")
(declare-function dap-register-debug-provider "ext:dap-mode")
(declare-function dap-register-debug-template "ext:dap-mode")
(defvar eglot-server-programs)
(defvar lsp-language-id-configuration)

(defgroup dataflare nil
  "Language server and debugger for WIT and DataFlare plugins."
  :group 'tools)

(defcustom dataflare-program nil
  "The program `dataflare-lsp': a path, a command as a list, or nil to look for it.
It is looked for in `.venv' of the project, then on PATH."
  :type '(choice (const :tag "Look for it" nil) file (repeat string))
  :risky t)

(defconst dataflare-minimum-version "0.1.0"
  "The oldest server that this file works with.")

(defconst dataflare-install-hint
  "dataflare-lsp was not found; install it with `pipx install .' in a clone of its repository, or set `dataflare-program'"
  "What to do without a server.")

(defun dataflare--root ()
  "The folder of the plugin or project that the current file belongs to."
  (expand-file-name
   (or (locate-dominating-file default-directory "dataflare.toml")
       (let ((project (project-current)))
         (and project (project-root project)))
       default-directory)))

(defun dataflare-command (&rest arguments)
  "The command that runs `dataflare-lsp' with ARGUMENTS, as a list.
An error says what to do where there is no such program."
  (let* ((windows (eq system-type 'windows-nt))
         (beside (expand-file-name (if windows ".venv/Scripts/dataflare-lsp.exe" ".venv/bin/dataflare-lsp")
                                   (dataflare--root)))
         (program (cond ((consp dataflare-program) dataflare-program)
                        (dataflare-program (list (expand-file-name dataflare-program)))
                        ((file-executable-p beside) (list beside))
                        ((executable-find "dataflare-lsp") (list (executable-find "dataflare-lsp"))))))
    (unless program
      (user-error "%s" dataflare-install-hint))
    (append program arguments)))

;;;###autoload
(define-derived-mode dataflare-manifest-mode conf-toml-mode "DataFlare"
  "Major mode for `dataflare.toml', the manifest of a plugin.")

;;;###autoload
(add-to-list 'auto-mode-alist '("/dataflare\\.toml\\'" . dataflare-manifest-mode))

(put 'dataflare-manifest-mode 'eglot-language-id "toml")

(defun dataflare--warn-of-version (version)
  "Say so where VERSION, that of a server, is none or too old."
  (unless (and version (version<= dataflare-minimum-version version))
    (display-warning
     'dataflare
     (format "The server is dataflare-lsp %s, and %s or newer is needed.  Update it, or set `dataflare-program'."
             (or version "of an unknown version") dataflare-minimum-version))))

;;; eglot

(defun dataflare--eglot-command (&optional _interactive)
  "The command of the server, for `eglot-server-programs'."
  (dataflare-command "serve"))

(defun dataflare--eglot-connected (server)
  "Look at the version of SERVER, where it is ours."
  (let ((info (eglot--server-info server)))
    (when (equal (plist-get info :name) "dataflare-lsp")
      (dataflare--warn-of-version (plist-get info :version)))))

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '((wit-mode dataflare-manifest-mode) . dataflare--eglot-command))
  (add-hook 'eglot-connect-hook #'dataflare--eglot-connected))

;;; lsp-mode

(with-eval-after-load 'lsp-mode
  (add-to-list 'lsp-language-id-configuration '(wit-mode . "wit"))
  (add-to-list 'lsp-language-id-configuration '(dataflare-manifest-mode . "toml"))
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection (lambda () (dataflare-command "serve")))
                    :major-modes '(wit-mode dataflare-manifest-mode)
                    :server-id 'dataflare)))

;;; Commands

(defun dataflare--request (method parameters)
  "What the buffer's server answers to METHOD with PARAMETERS.
It is a property list."
  (cond ((and (fboundp 'eglot-current-server) (eglot-current-server))
         (jsonrpc-request (eglot-current-server) (intern (concat ":" method)) parameters))
        ((and (fboundp 'lsp-workspaces) (lsp-workspaces))
         (dataflare--plist (lsp-request method parameters)))
        (t (user-error "No server is running here: start it with `M-x eglot' or `M-x lsp'"))))

(defun dataflare--plist (answer)
  "ANSWER as a property list, where lsp-mode made it a hash table."
  (if (not (hash-table-p answer))
      answer
    (let (found)
      (maphash (lambda (key value)
                 (setq found (plist-put found (intern (concat ":" (format "%s" key))) value)))
               answer)
      found)))

(defun dataflare--manifest-uri ()
  "The URI of the manifest that the current file belongs to."
  (let ((root (locate-dominating-file default-directory "dataflare.toml")))
    (unless root
      (user-error "There is no `dataflare.toml' above this file"))
    (dataflare--uri (expand-file-name "dataflare.toml" root))))

(defun dataflare--uri (file)
  "The URI of FILE."
  (concat "file://" (if (eq system-type 'windows-nt) "/" "")
          (url-hexify-string (expand-file-name file) url-path-allowed-chars)))

;;;###autoload
(defun dataflare-validate (&optional instantiate)
  "Say what is wrong with the component of the current file's plugin.
With a prefix argument, INSTANTIATE, also start it, without any authority."
  (interactive "P")
  (let* ((options (and instantiate (list (list :instantiate t))))
         (arguments (apply #'vector (dataflare--manifest-uri) options))
         (answer (dataflare--request "workspace/executeCommand"
                                     (list :command "dataflare.validate" :arguments arguments))))
    (message "%s" (plist-get answer :message))))

;;;###autoload
(defun dataflare-show-wit (file)
  "Show the WIT of FILE: a component or package in WebAssembly.
A manifest stands for its component."
  (interactive "fShow the WIT of: ")
  (let* ((answer (dataflare--request "dataflare/componentWit" (list :uri (dataflare--uri file))))
         (text (plist-get answer :text)))
    (unless (stringp text)
      (user-error "%s" (plist-get answer :message)))
    (let ((buffer (get-buffer-create (format "*WIT of %s*" (file-name-nondirectory file)))))
      (with-current-buffer buffer
        (let ((inhibit-read-only t))
          (erase-buffer)
          (insert text)
          (goto-char (point-min)))
        (wit-mode)
        (read-only-mode))
      (pop-to-buffer buffer))))

;;; dap-mode

(defun dataflare-dap-configuration (given)
  "A launch configuration of the debugger: GIVEN, and what is left out of it."
  ;; An adapter that has filters for exceptions is asked about them in a variable of dap-ui, loaded or not.
  (require 'dap-ui)
  (let ((found (copy-sequence given)))
    (dolist (default `((:dap-server-path . ,(dataflare-command "dap"))
                       (:type . "dataflare")
                       (:request . "launch")
                       (:name . "Debug plugin")
                       (:program . ,(dataflare--root))
                       (:cwd . ,(dataflare--root)))
                     found)
      (unless (plist-get found (car default))
        (setq found (plist-put found (car default) (cdr default)))))))

(with-eval-after-load 'dap-mode
  ;; Figures of the run, which dap-mode has no place for.
  (cl-defmethod dap-handle-event ((_type (eql 'dataflare/metrics)) _session _figures))
  (dap-register-debug-provider "dataflare" #'dataflare-dap-configuration)
  (dap-register-debug-template "DataFlare: debug plugin" '(:type "dataflare" :request "launch" :name "Debug plugin")))

(provide 'dataflare)
;;; dataflare.el ends here
