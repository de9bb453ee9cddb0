// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.redhat.devtools.lsp4ij.dap.configurations.options;

public interface FileOptionConfigurable { String getFile(); void setFile(String file); }
