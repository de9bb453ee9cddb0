// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.redhat.devtools.lsp4ij.dap;

public enum DebugMode { LAUNCH, ATTACH }
