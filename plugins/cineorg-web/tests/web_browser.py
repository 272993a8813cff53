"""Chromium on one server, with the words that tests need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from web_library import PATIENCE_S, Server

SWITCHES = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--force-prefers-reduced-motion", "--hide-scrollbars",
    # Nothing but this machine exists for it.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


class Browser:
    """A browser on one server, with the words that tests need."""

    def __init__(self, programs: tuple[str, str], profile: str, server: Server, *, javascript: bool = True) -> None:
        options = webdriver.ChromeOptions()
        chromium, chromedriver = programs
        options.binary_location = chromium
        for switch in (*SWITCHES, f"--user-data-dir={profile}"):
            options.add_argument(switch)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        if not javascript:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        self.driver = webdriver.Chrome(options, Service(chromedriver))
        self.server = server
        self.resize(*SIZES["desktop"])
        self.open()

    def open(self, address: str = "/") -> None:
        self.driver.get(self.server.url + address)

    def resize(self, width: int, height: int) -> None:
        """Show the page as a screen of that size does."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def wait(self, condition: Callable[[], Any]) -> Any:
        """Wait until a condition holds, and return what it gave."""
        return WebDriverWait(self.driver, PATIENCE_S, 0.05).until(lambda driver: condition())

    def script(self, text: str, *arguments: Any) -> Any:
        return self.driver.execute_script(text, *arguments)

    def text(self, selector: str) -> str:
        """Return an element's text with single blanks, whether it is in sight or not."""
        return self.texts(selector)[0]

    def texts(self, selector: str) -> list[str]:
        """Return the texts of all elements, read at one moment."""
        script = "return [...document.querySelectorAll(arguments[0])].map((element) => element.textContent)"
        return [" ".join(text.split()) for text in self.script(script, selector)]

    def press(self, kind: str) -> None:
        """Press a section's button and wait for the result."""
        before = self.script(RUN_OF, kind)
        self.one(f"#{kind} .primary").click()
        self.wait(lambda: self.script(RUN_OF, kind) not in (None, before))

    def counts(self, kind: str) -> dict[str, int]:
        """Return what the page shows by category."""
        found = {}
        for category in self.all(f"#{kind} details.category"):
            text = category.find_element(By.CSS_SELECTOR, ".count").text
            found[str(category.get_attribute("data-category"))] = int(text.replace("\u202f", ""))
        return found

    def complaints(self) -> list[str]:
        """Return what stands in the console."""
        return [entry["message"] for entry in self.driver.get_log("browser")]


RUN_OF = "return document.querySelector(`#${arguments[0]} [data-run]`)?.dataset.run ?? null"


COLOURS = """
let behind = arguments[0];
while (getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
return [getComputedStyle(arguments[0]).color, getComputedStyle(behind).backgroundColor];
"""


def colour(text: str) -> tuple[float, float, float]:
    """Return the three parts, from 0 to 255, of `rgb(1, 2, 3)` or `color(srgb 0.1 0.2 0.3 / 0.9)`."""
    parts = text[text.index("(") + 1 : -1].replace("srgb", "").replace(",", " ").split("/")[0].split()[:3]
    factor = 255 if "srgb" in text else 1
    red, green, blue = (float(part) * factor for part in parts)
    return red, green, blue


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return the contrast ratio of WCAG 2; black on white is 21."""

    def luminance(parts: tuple[float, ...]) -> float:
        linear = [part / 3294.6 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)
