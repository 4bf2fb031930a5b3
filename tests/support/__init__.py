"""What tests share: places, people, simulated services and ways to look at answers."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]  # of the repository
