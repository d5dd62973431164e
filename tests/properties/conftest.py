from __future__ import annotations

import os

from hypothesis import settings

# A busy machine is no fault of what is tested. A gate tries the same examples each time; everyone
# else, and `make full`, looks for new ones.
settings.register_profile(
    "headway",
    deadline=None,
    derandomize="CI" in os.environ,
    max_examples=500 if os.environ.get("HEADWAY_FULL") == "1" else 40,
)
settings.load_profile("headway")
