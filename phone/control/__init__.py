"""Control: JSON-RPC 2.0 on a local socket, the only way into the backend from outside."""
