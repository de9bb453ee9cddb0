// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.openapi.components;

@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
public @interface Storage { String value() default ""; }
