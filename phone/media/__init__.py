"""The public media sockets, and what happens to every packet between them and the phone."""
