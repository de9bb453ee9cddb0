// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.openapi.components;

public interface PersistentStateComponent<T> { T getState(); void loadState(T state); }
