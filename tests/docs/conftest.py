"""The documents are read by modules beside the tests, which pytest leaves for us to make findable."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
