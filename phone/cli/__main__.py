"""``python -m phone.cli``: how Parley starts itself."""

import sys

from phone.cli.parser import main

sys.exit(main())
