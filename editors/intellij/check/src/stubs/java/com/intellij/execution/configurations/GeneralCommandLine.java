// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.execution.configurations;

import java.nio.charset.Charset;
import java.util.List;

public class GeneralCommandLine {
    public GeneralCommandLine(List<String> command) { }
    public GeneralCommandLine withWorkDirectory(String path) { throw new UnsupportedOperationException(); }
    public GeneralCommandLine withCharset(Charset charset) { throw new UnsupportedOperationException(); }
}
