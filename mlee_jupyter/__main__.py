"""`python -m mlee_jupyter` is the `mlee` command."""

import sys

from .cli import main

sys.exit(main())
