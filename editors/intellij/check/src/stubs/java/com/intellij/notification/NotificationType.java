// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.notification;

public enum NotificationType { INFORMATION, WARNING, ERROR }
