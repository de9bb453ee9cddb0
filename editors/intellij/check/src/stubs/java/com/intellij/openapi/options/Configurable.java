// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.openapi.options;

public interface Configurable {
    String getDisplayName();
    javax.swing.JComponent createComponent();
    boolean isModified();
    void apply() throws ConfigurationException;
    default void reset() { }
}
