from __future__ import annotations

from hypothesis import settings

# A busy machine is no fault of what is tested.
settings.register_profile("headway", deadline=None)
settings.load_profile("headway")
