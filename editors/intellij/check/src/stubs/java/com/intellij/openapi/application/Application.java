// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.openapi.application;

public interface Application { <T> T getService(Class<T> service); }
