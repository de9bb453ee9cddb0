// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.redhat.devtools.lsp4ij.dap.configurations;

import com.intellij.execution.configurations.RunConfigurationOptions;
import com.redhat.devtools.lsp4ij.dap.configurations.options.FileOptionConfigurable;

public class DAPRunConfigurationOptions extends RunConfigurationOptions implements FileOptionConfigurable {
    @Override public String getFile() { throw new UnsupportedOperationException(); }
    @Override public void setFile(String file) { throw new UnsupportedOperationException(); }
}
