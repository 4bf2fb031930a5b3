"""Makes the README's picture, docs/demo.png, from the demo's page: `make picture`."""

# ruff: noqa: INP001, T201  # a script that says what it wrote

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from bot.demo.steps import ASKED  # noqa: E402
from tests.support.browser import Screen, launched, served  # noqa: E402

NO_CHROMIUM = "There is no Chromium here to look at the page with."
SIZE = {"width": 1280, "height": 820}
# Nobody who has seen the end is among them: the README spoils nothing but a little of S1E4.
WHOSE = ("ida", "noa", "maya")
COLOURS = 128  # enough for text on flat colours, at a third of the size


def main() -> int:
    path = ROOT / "docs" / "demo.png"
    with launched() as browser, served() as demo:
        if browser is None:
            print(NO_CHROMIUM, file=sys.stderr)
            return 1
        with Screen.open(browser, demo, SIZE) as screen:
            for number, who in ((1, "maya"), (0, "ida"), (2, "noa"), (1, "noa"), (2, "maya")):
                screen.look(number, who)
            for who in WHOSE:
                screen.ask(who, f"/character name:{ASKED}")
            screen.page.evaluate("document.activeElement.blur()")
            screen.page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
