"""How should the data be split, and are the splits fit for their purpose?"""

from __future__ import annotations
