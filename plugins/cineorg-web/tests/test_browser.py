"""The page as people meet it: in Chromium, with the mouse, the keyboard, two tabs, a phone, and without JavaScript."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from web_library import PATIENCE_S, Server, WebLibrary

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

    def __init__(self, program: str, profile: str, server: Server, *, javascript: bool = True) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = program
        for switch in (*SWITCHES, f"--user-data-dir={profile}"):
            options.add_argument(switch)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        if not javascript:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        self.driver = webdriver.Chrome(options, Service("chromedriver"))
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
        """Return an element's text, whether it is in sight or not."""
        return " ".join((self.one(selector).get_attribute("textContent") or "").split())

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


@pytest.fixture
def browse(chromium: str) -> Iterator[Callable[..., Browser]]:
    """Return a function that opens the page of a server in a browser; no page may have complained in the end."""
    opened: list[Browser] = []
    with tempfile.TemporaryDirectory(prefix="profile-", ignore_cleanup_errors=True) as profiles:

        def start(server: Server, **options: Any) -> Browser:
            opened.append(Browser(chromium, f"{profiles}/{len(opened)}", server, **options))
            return opened[-1]

        try:
            yield start
            assert [browser.complaints() for browser in opened] == [[] for _ in opened]
        finally:
            for browser in opened:
                browser.driver.quit()


def expected_counts(library: WebLibrary, kind: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for issue in library.report(kind)["issues"]:
        found[issue["type"]] = found.get(issue["type"], 0) + 1
    return found


def test_both_buttons_lead_to_what_the_command_line_says(
    library: WebLibrary, browse: Callable[..., Browser], tmp_path: Path
) -> None:
    page = browse(library.with_faults().serve())
    assert "Not checked yet" in page.text("#integrity")
    for kind in ("integrity", "cleanup"):
        page.press(kind)
        assert page.counts(kind) == expected_counts(library, kind)
        assert "just now" in page.text(f"#{kind} .when")
        assert f"{kind.capitalize()} done:" in page.wait(lambda kind=kind: page.text(f"#{kind} [data-announce]"))
    assert page.text("#integrity .total") == f"{library.report('integrity')['summary']['total']} findings"
    commands = [element.text for element in page.all("#integrity .commands code")]
    assert commands == library.report("integrity")["suggestions"]
    for name, size in SIZES.items():
        page.resize(*size)
        page.wait(lambda width=size[0]: page.script("return document.querySelector('.treemap').clientWidth") < width)
        assert page.script("return document.documentElement.scrollWidth") <= size[0]
        picture = tmp_path / f"{name}.png"
        assert page.driver.save_screenshot(str(picture))
        assert picture.stat().st_size > 10_000


def test_phases_go_by_and_a_reload_and_a_second_tab_join(library: WebLibrary, browse: Callable[..., Browser]) -> None:
    gate = library.add_waiting_check()
    page = browse(library.with_faults().serve())
    page.one("#integrity .primary").click()
    phase, count = "#integrity [data-phase]", "#integrity [data-count]"
    page.wait(lambda: page.text(phase) == "Phase 4 of 4: Waiting")
    page.wait(lambda: page.text(count).endswith("of 3\u202f000"))
    steps = [element.text for element in page.all("#integrity [data-steps] li")]
    assert [step.rstrip("0123456789\u202f ") for step in steps] == [
        "Reading both trees", "Ghost entries", "Orphan files", "Broken links", "Waiting"
    ]  # fmt: skip
    assert page.one("#integrity [data-steps] [aria-current=step]").text == "Waiting"
    assert "Phase 4 of 4" in page.text("#integrity [data-announce]")
    assert page.one("#integrity .primary").get_attribute("aria-disabled") == "true"
    page.one("#integrity .primary").click()  # joins
    page.driver.switch_to.new_window("tab")
    page.open()
    page.wait(lambda: page.text(phase) == "Phase 4 of 4: Waiting")
    page.driver.refresh()
    page.wait(lambda: page.text(phase) == "Phase 4 of 4: Waiting")
    gate.touch()
    page.wait(lambda: page.counts("integrity"))
    page.driver.switch_to.window(page.driver.window_handles[0])
    page.wait(lambda: page.counts("integrity"))
    assert len(list((library.base / "state").rglob("*.sqlite"))) == 1


def test_leaving_the_page_loses_nothing(library: WebLibrary, browse: Callable[..., Browser]) -> None:
    gate = library.add_waiting_check()
    server = library.with_faults().serve()
    page = browse(server)
    page.one("#integrity .primary").click()
    page.wait(lambda: "Phase 4" in page.text("#integrity [data-phase]"))
    page.driver.get("about:blank")
    gate.touch()
    server.finish("integrity")
    page.open()
    assert page.counts("integrity") == expected_counts(library, "integrity")


def test_all_rows_and_search(library: WebLibrary, browse: Callable[..., Browser]) -> None:
    for number in range(430):
        library.film(f"Orphan {number:03}.mkv")
    library.film("Amélie & <b>Co</b>.mkv")
    library.run("scan", "--no-register")
    server = library.serve()
    server.analyse("integrity")
    page = browse(server)
    rows = "#integrity [data-category=orphan_file] .rows li"
    page.one("[data-category=orphan_file] summary").click()
    assert len(page.all(rows)) == 50
    page.one("[data-category=orphan_file] [data-more]").click()
    page.wait(lambda: len(page.all(rows)) == 250)
    listing = page.one("[data-category=orphan_file] [data-list]")
    page.script("arguments[0].scrollTop = arguments[0].scrollHeight", listing)
    page.wait(lambda: len(page.all(rows)) == 431)
    assert "All 431 are shown" in page.text("[data-category=orphan_file] .more")
    page.one("[data-category=orphan_file] input").send_keys("amelie")
    page.wait(lambda: [row.text.splitlines()[0] for row in page.all(rows)] == ["Films/Amélie & <b>Co</b>.mkv"])
    page.one("[data-category=orphan_file] input").send_keys(" zzz")
    page.wait(lambda: "Nothing here has" in page.text("[data-category=orphan_file] .more"))
    page.one("[data-category=orphan_file] input").send_keys(Keys.CONTROL, "a")
    page.one("[data-category=orphan_file] input").send_keys(Keys.DELETE)
    page.wait(lambda: len(page.all(rows)) == 50)


def test_few_first_rows_are_filled_up_when_a_category_is_opened(
    library: WebLibrary, browse: Callable[..., Browser]
) -> None:
    for number in range(90):
        library.film(f"{'&' * 200}/{'&' * 200}{number}.mkv")
    library.run("scan", "--no-register")
    server = library.serve()
    server.analyse("integrity")
    page = browse(server)
    assert 3 <= len(page.all("#integrity .rows li")) < 50
    page.one("[data-category=orphan_file] summary").click()
    page.wait(lambda: len(page.all("#integrity .rows li")) == 90)


def test_names_cannot_become_part_of_the_page(library: WebLibrary, browse: Callable[..., Browser]) -> None:
    library.film("<script>document.title='taken'</script>.mkv")
    library.film("<img src=x onerror=document.title='taken'>/x\x1b[31m.mkv")
    library.link("\"><svg onload=document.title='taken'>.mkv", "/nowhere/<script>document.title='taken'<!--")
    library.run("scan", "--no-register")
    page = browse(library.serve())
    page.press("integrity")
    for category in page.all("#integrity summary"):
        category.click()
    shown = page.text("#integrity")
    assert "<script>document.title='taken'" in shown
    assert "\\x1b[31m" in shown
    assert page.driver.title == "Maintenance · cineorg"
    assert page.all("main script, main img, [onload], [onerror]") == []


def test_a_failure_is_shown_and_said(library: WebLibrary, browse: Callable[..., Browser]) -> None:
    page = browse(library.serve())
    page.one("#integrity .primary").click()
    page.wait(lambda: page.all("#integrity .notice.bad"))
    assert "there is no catalogue" in page.text("#integrity .notice.bad")
    assert page.text("#integrity .notice.bad code").startswith("cineorg scan ")
    assert page.wait(lambda: page.text("#integrity [data-announce]")) == "Integrity failed"
    library.with_faults()
    page.press("integrity")
    assert page.all(".notice.bad") == []


def test_everything_can_be_reached_with_the_keyboard(served: Server, browse: Callable[..., Browser]) -> None:
    page = browse(served)
    reached = []
    for _ in range(40):
        page.one("body").send_keys(Keys.TAB) if not reached else page.driver.switch_to.active_element.send_keys(
            Keys.TAB
        )
        element = page.driver.switch_to.active_element
        reached.append(element.get_attribute("aria-label") or " ".join(element.text.split()))
        outline = page.script("return getComputedStyle(arguments[0]).outlineStyle", element)
        assert outline != "none" or element.tag_name in ("a", "input"), reached
    for wanted in ("Skip to the content", "Integrity", "Check integrity", "Look for cleanup", "The same as a table"):
        assert wanted in reached
    assert any(label.startswith("Orphan files") for label in reached)
    assert any(label.startswith("Copy: cineorg ") for label in reached)
    assert any(label.startswith("Films: ") for label in reached)
    page.one("details.category summary").send_keys(Keys.ENTER)
    assert page.one("details.category").get_attribute("open")


def test_every_control_has_a_name_and_every_section_a_heading(served: Server, browse: Callable[..., Browser]) -> None:
    page = browse(served)
    tree = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    roles = ("button", "link", "searchbox", "textbox", "progressbar", "region", "DisclosureTriangle", "navigation")
    nameless = [
        node["role"]["value"]
        for node in tree
        if not node.get("ignored")
        and node.get("role", {}).get("value") in roles
        and not node.get("name", {}).get("value")
    ]
    assert nameless == []
    assert page.all("main section:not([aria-labelledby])") == []
    assert page.one("html").get_attribute("lang") == "en"
    assert [element.get_attribute("aria-live") for element in page.all("[data-announce]")] == ["polite", "polite"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_dark(served: Server, browse: Callable[..., Browser], scheme: str) -> None:
    page = browse(served)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    ground = page.script("return getComputedStyle(document.body).backgroundColor")
    assert (sum(colour(ground)) > 600) == (scheme == "light")
    for details in page.all("details"):
        page.script("arguments[0].open = true", details)
    for selector in ("h1", ".lead", ".places dt", ".question", ".primary", ".when", ".meaning", ".path span", ".details",
                     ".more", ".commands code", ".copy", ".legend", ".foot", "nav a", "td", ".tabs a"):  # fmt: skip
        for element in page.all(selector)[:2]:
            text, behind = (colour(value) for value in page.script(COLOURS, element))
            assert contrast(text, behind) >= 4.5, (selector, text, behind)
    for element in page.all(".cell > text")[:20]:
        box = page.script("return getComputedStyle(arguments[0].parentNode.querySelector('rect')).fill", element)
        assert contrast(colour(element.value_of_css_property("fill")), colour(box)) >= 4.5


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


def test_the_navigation_shows_where_one_is(served: Server, browse: Callable[..., Browser]) -> None:
    page = browse(served)
    current = "nav [aria-current]"
    assert page.text(current) == "Overview"
    for title in ("Integrity", "Library", "Overview"):
        next(link for link in page.all("nav a") if link.text == title).click()
        page.wait(lambda title=title: [element.text for element in page.all(current)] == [title])


def test_the_picture_leads_into_folders_and_back(served: Server, browse: Callable[..., Browser]) -> None:
    page = browse(served)
    page.one(".treemap a").click()
    page.wait(lambda: page.text(".trail b") == "Films")
    assert "folder=" in page.driver.current_url
    page.driver.back()
    page.wait(lambda: page.text(".trail b").endswith("/storage"))
    next(tab for tab in page.all(".tabs a") if tab.text == "Links").click()
    page.wait(lambda: page.text(".trail b").endswith("/video"))
    page.driver.refresh()
    assert page.text(".trail b").endswith("/video")
    page.resize(*SIZES["phone"])
    page.wait(lambda: int(page.one(".treemap").get_attribute("data-width") or 0) < 390)


def test_commands_can_be_copied(served: Server, browse: Callable[..., Browser]) -> None:
    page = browse(served)
    permission = {"origin": served.url, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    page.driver.execute_cdp_cmd("Browser.grantPermissions", permission)
    page.one(".commands .copy").click()
    page.wait(lambda: page.one(".commands .copy").text == "Copied")
    copied = page.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied == page.one(".commands code").text
    assert copied.startswith("cineorg ")


def test_a_server_that_has_ended_is_noticed(library: WebLibrary, browse: Callable[..., Browser]) -> None:
    server = library.with_faults().serve()
    page = browse(server)
    page.press("integrity")
    assert not page.one("[data-lost]").is_displayed()
    server.end()
    page.wait(lambda: page.one("[data-lost]").is_displayed())
    page.one("#integrity .primary").click()
    page.wait(lambda: "could not be started" in page.text("#integrity"))
    assert all("net::ERR_" in complaint for complaint in page.complaints())


def test_without_javascript_one_can_start_and_see_the_result(
    library: WebLibrary, browse: Callable[..., Browser]
) -> None:
    server = library.with_faults().serve()
    page = browse(server, javascript=False)
    page.one("#integrity .primary").click()
    server.finish("integrity")
    page.driver.refresh()
    assert page.counts("integrity") == expected_counts(library, "integrity")
    assert len(page.all("#integrity .rows li")) == sum(page.counts("integrity").values())


def test_no_page_asks_another_machine_for_anything(served: Server, browse: Callable[..., Browser]) -> None:
    page = browse(served)
    page.press("integrity")
    names = page.script("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert names
    assert [name for name in names if not name.startswith(f"{served.url}/")] == []
    assert json.loads(page.script("return JSON.stringify([localStorage.length, document.cookie])")) == [0, ""]
