// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.notification;

public final class NotificationGroup { public Notification createNotification(String content, NotificationType type) { throw new UnsupportedOperationException(); } }
