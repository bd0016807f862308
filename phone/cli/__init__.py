"""The command line: a client of the backend's control socket, and what starts the backend.

``argparse``: it is there, it is quick to import, and nested commands are all that is needed of it.
"""

from phone.cli.parser import main

__all__ = ["main"]
