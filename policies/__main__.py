"""The policy pack: `pulumi preview --policy-pack policies`."""

import sys
from pathlib import Path

# The pack of this repository runs the rules that stand beside it; a pack of your own has the package installed.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from byob_components.policies.serving.pack import serve

serve()
