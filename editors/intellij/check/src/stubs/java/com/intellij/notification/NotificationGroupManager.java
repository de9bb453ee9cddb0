// The signatures that the plugin uses, written by hand to compile it by; never shipped.
package com.intellij.notification;

public interface NotificationGroupManager {
    static NotificationGroupManager getInstance() { throw new UnsupportedOperationException(); }
    NotificationGroup getNotificationGroup(String id);
}
