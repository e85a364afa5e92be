"""
Take the pictures of docs/images anew, over the sample site:

    .venv/bin/python docs/screenshots.py
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser import NOW, Dashboard, chromium, count_sample, serving  # noqa: E402

# name -> width, height, colours, address
PICTURES = {
    "dashboard-light": (1440, 900, "light", "?period=90d&compare=no"),
    "dashboard-dark": (1440, 900, "dark", "?page=blog%2Farticles%2Fa-static-site-in-an-afternoon"),
    "dashboard-mobile": (360, 760, "light", "?period=7d"),
}


def main() -> None:
    """Take them all."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser, serving(count_sample(Path(folder))) as url:
        for name, (width, height, scheme, query) in PICTURES.items():
            dashboard = Dashboard(browser, url, viewport={"width": width, "height": height}, color_scheme=scheme)
            dashboard.page.clock.set_fixed_time(NOW)
            dashboard.open(query).page.screenshot(path=ROOT / f"docs/images/{name}.png")
            dashboard.context.close()


if __name__ == "__main__":
    main()
