"""What the window shows, one object a subject; QML binds to them, and tests need no screen."""
