"""The page as people meet it: in Chromium, with the mouse, the keyboard, two tabs, a phone, and without JavaScript."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys
from web_browser import COLOURS, SIZES, Browser, colour, contrast
from web_library import Server, WebLibrary


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
        assert not page.one(f"#{kind} [data-progress]").is_displayed()
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
    page.wait(lambda: page.text(count).endswith("of 3 000"))
    steps = page.texts("#integrity [data-steps] li")
    assert [step.rstrip("0123456789 ") for step in steps] == [
        "Reading both trees", "Ghost entries", "Orphan files", "Broken links", "Waiting"
    ]  # fmt: skip
    page.wait(lambda: re.search(r"\d+ s so far", page.text("#integrity [data-time]")))
    page.wait(lambda: re.fullmatch(r"\d+ % Waiting · cineorg", page.driver.title))
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
    assert len(library.results()) == 1


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
    for number in range(170):
        library.film(f"Orphan {number:03}.mkv")
    library.film("Amélie & <b>Co</b>.mkv")
    library.run("scan", "--no-register")
    server = library.serve()
    server.analyse("integrity")
    page = browse(server)
    rows = "#integrity [data-category=orphan_file] .rows li"
    page.one("[data-category=orphan_file] summary").click()
    assert len(page.all(rows)) == 50
    for number in (100, 150, 171):
        page.script("document.querySelector('[data-category=orphan_file] [data-more]').click()")
        page.wait(lambda number=number: len(page.all(rows)) == number)
    assert "All 171 are shown" in page.text("[data-category=orphan_file] .more")
    page.one("[data-category=orphan_file] input").send_keys("amelie")
    page.wait(lambda: page.texts(f"{rows} .path") == ["Films/Amélie & <b>Co</b>.mkv"])
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
    page.wait(lambda: len(page.all("#integrity .rows li")) >= 50)
    more = "document.querySelector('[data-category=orphan_file] [data-more]')?.click()"
    page.wait(lambda: page.script(more) or len(page.all("#integrity .rows li")) == 90)


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
    page.wait(lambda: page.text("#integrity [data-announce]") == "Integrity failed")
    for _ in range(2):  # the same again is news, too
        page.script("document.querySelector('#integrity .notice.bad').id = 'old'")
        page.one("#integrity .primary").click()
        page.wait(lambda: page.all("#integrity .notice.bad:not(#old)"))  # one look: the old one goes in between
    library.with_faults()
    page.press("integrity")
    assert page.all(".notice.bad") == []


LATE_ANSWERS = """
const real = window.fetch;
window.fetch = async (...asked) => {
  const answer = await real(...asked);
  if (asked[1]?.method !== "POST") return answer;
  await new Promise((done) => setTimeout(done, 2000));
  setTimeout(() => { window.answered = (window.answered ?? 0) + 1; }, 200);
  return answer;
};
"""


def test_a_start_that_is_answered_after_the_end_changes_nothing(
    library: WebLibrary, browse: Callable[..., Browser]
) -> None:
    page = browse(library.serve())
    page.script(LATE_ANSWERS)
    for number in (1, 2):
        page.one("#integrity .primary").click()
        page.wait(lambda: page.all("#integrity .notice.bad:not(#old)"))
        page.wait(lambda number=number: page.script("return window.answered") == number)
        assert page.text("#integrity .primary") == "Check integrity"
        assert len(page.all("#integrity .notice.bad:not(#old)")) == 1
        page.script("document.querySelector('#integrity .notice.bad').id = 'old'")


def test_everything_can_be_reached_with_the_keyboard(served: Server, browse: Callable[..., Browser]) -> None:
    page = browse(served)
    reached = []
    for _ in range(90):
        page.driver.switch_to.active_element.send_keys(Keys.TAB)
        element = page.driver.switch_to.active_element
        if element.tag_name == "body":
            break  # once round
        reached.append(element.get_attribute("aria-label") or " ".join(element.text.split()))
        outline = page.script("return getComputedStyle(arguments[0]).outlineStyle", element)
        assert outline != "none" or page.script("return arguments[0].ownerSVGElement", element), reached
    for wanted in (
        "Skip to the content",
        "Integrity",
        "Check integrity",
        "Find what to clean up",
        "The same as a table",
    ):
        assert wanted in reached
    assert any(label.startswith("Orphan files") for label in reached)
    assert any(label.startswith("Copy: cineorg ") for label in reached)
    assert any(label.startswith("Films: ") for label in reached)
    page.one("details.category summary").send_keys(Keys.ENTER)
    assert page.one("details.category").get_attribute("open")


def test_every_control_has_a_name_and_every_section_a_heading(served: Server, browse: Callable[..., Browser]) -> None:
    page = browse(served)
    tree = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    roles = ("button", "checkbox", "combobox", "link", "searchbox", "textbox", "progressbar", "region",
             "DisclosureTriangle", "navigation")  # fmt: skip
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


TEXTS = (
    "h1", ".lead", ".verdict", ".tile .role", ".tile .words",
    ".question", ".primary", ".when", ".meaning", ".path span", ".details", ".more",
    ".commands code", ".copy", ".legend", ".foot", "nav a", "td", ".tabs a",
)  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_dark(served: Server, browse: Callable[..., Browser], scheme: str) -> None:
    page = browse(served)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    ground = page.script("return getComputedStyle(document.body).backgroundColor")
    assert (sum(colour(ground)) > 600) == (scheme == "light")
    for details in page.all("details"):
        page.script("arguments[0].open = true", details)
    for selector in TEXTS:
        for element in page.all(selector)[:2]:
            text, behind = (colour(value) for value in page.script(COLOURS, element))
            assert contrast(text, behind) >= 4.5, (selector, text, behind)
    for element in page.all(".cell > text")[:20]:
        box = page.script("return getComputedStyle(arguments[0].parentNode.querySelector('rect')).fill", element)
        assert contrast(colour(element.value_of_css_property("fill")), colour(box)) >= 4.5


def test_the_navigation_shows_where_one_is(served: Server, browse: Callable[..., Browser]) -> None:
    page = browse(served)
    current = "nav [aria-current]"
    assert page.text(current) == "Overview"
    for title in ("Integrity", "Library", "Overview"):
        next(link for link in page.all("nav a") if link.text == title).click()
        page.wait(lambda title=title: page.texts(current) == [title])


def test_the_navigation_shows_what_was_chosen_where_all_is_in_sight(
    served: Server, browse: Callable[..., Browser]
) -> None:
    page = browse(served)
    page.resize(1280, 4000)
    assert page.script("return document.documentElement.scrollHeight") <= 4000
    assert page.texts("nav [aria-current]") == ["Overview"]
    for title in ("Cleanup", "Integrity"):
        next(link for link in page.all("nav a") if link.text == title).send_keys(Keys.ENTER)
        page.wait(lambda title=title: page.texts("nav [aria-current]") == [title])


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
    page.wait(lambda: page.script("return document.querySelector('.treemap').dataset.width") in map(str, range(390)))


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
    page.wait(lambda: "could not be started" in page.text("#integrity [data-phase]"))
    assert not page.one("#integrity [data-bar]").is_displayed()  # nothing runs
    page.driver.get("about:blank")  # it tries again for as long as it is open
    assert all("net::ERR_" in complaint for complaint in page.complaints())


def test_without_javascript_one_can_start_and_see_the_result(
    library: WebLibrary, browse: Callable[..., Browser]
) -> None:
    server = library.with_faults().serve()
    page = browse(server, javascript=False)
    page.one("#integrity .primary").click()
    server.events(lambda event: (event["kind"], event["state"]) == ("integrity", "done"))
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


def test_a_run_can_be_cancelled_and_the_last_result_stays(library: WebLibrary, browse: Callable[..., Browser]) -> None:
    gate = library.add_waiting_check()
    gate.touch()
    server = library.with_faults().serve()
    result = server.analyse("integrity")[-1]["result"]
    gate.unlink()
    page = browse(server)
    page.one("#integrity .primary").click()
    page.wait(lambda: "Phase 4" in page.text("#integrity [data-phase]"))
    page.one("#integrity [data-cancel] button").click()
    page.wait(lambda: page.text("#integrity [data-announce]") == "Integrity cancelled")
    assert not page.one("#integrity [data-progress]").is_displayed()
    assert page.one("#integrity [data-run]").get_attribute("data-run") == result
    assert page.all(".notice.bad") == []
    assert page.driver.title == "Maintenance · cineorg"
    page.wait(lambda: server.children() == [])


def test_rows_are_ticked_for_one_command_and_explained_where_they_stand(
    library: WebLibrary, browse: Callable[..., Browser]
) -> None:
    page = browse(library.with_faults().serve())
    page.press("integrity")
    category = "#integrity [data-category=broken_symlink]"
    page.one(f"{category} summary").click()
    page.wait(lambda: len(page.all(f"{category} [data-tick]")) == 3)
    for tick in page.all(f"{category} [data-tick]")[:2]:
        tick.click()
    page.wait(lambda: "For the 2 that are ticked" in page.text(f"{category} [data-ticked]"))
    command = page.text(f"{category} [data-ticked] code")
    assert command.startswith("cineorg repair-links --storage ")
    assert command.count("Gone ") == 2
    page.one(f"{category} [data-explain]").click()
    page.wait(lambda: page.all(f"{category} .explained"))
    assert "no such file" in page.text(f"{category} .explained pre")
    assert page.text(f"{category} .explained code").startswith("cineorg explain ")


def test_one_search_goes_through_all_reports_and_the_picture_chooses_a_folder(
    library: WebLibrary, browse: Callable[..., Browser]
) -> None:
    page = browse(library.with_faults().serve())
    for kind in ("integrity", "cleanup"):
        page.press(kind)
    page.one(".search.whole input").send_keys("gone")
    headings = ["Integrity: Broken links, 3", "Cleanup: Broken links, 3"]
    page.wait(lambda: [text for text in page.texts("[data-hits] h3") if "links" in text] == headings)
    page.open("/?tree=links#library")
    page.one("[data-findings]").click()
    page.wait(lambda: page.all("[data-hits] h3"))
    assert f"Findings in {library.video}" in page.text("[data-hits]")
    assert page.texts("[data-hits] h3") == ["Integrity: Broken links, 3", "Cleanup: Broken links, 3"]
    page.one("[data-forget]").click()
    page.wait(lambda: page.all("[data-hits] h3") == [])


def test_no_box_scrolls_within_the_page(served: Server, browse: Callable[..., Browser]) -> None:
    page = browse(served)
    for details in page.all("details"):
        page.script("arguments[0].open = true", details)
    script = """
        return [...document.querySelectorAll('main *')].filter((element) =>
            element.scrollHeight > element.clientHeight + 1 && element.clientHeight > 0
            && ['auto', 'scroll'].includes(getComputedStyle(element).overflowY)).length
    """
    assert page.script(script) == 0


def test_the_picture_fits_after_a_quick_change_of_width_and_keeps_the_focus(
    served: Server, browse: Callable[..., Browser]
) -> None:
    page = browse(served)
    slow = {"offline": False, "latency": 200, "downloadThroughput": -1, "uploadThroughput": -1}
    page.driver.execute_cdp_cmd("Network.enable", {})
    page.driver.execute_cdp_cmd("Network.emulateNetworkConditions", slow)
    for width in (500, 1280):
        page.resize(width, 900)
    drawn = "const map = document.querySelector('.treemap'); return Number(map.dataset.width) - map.clientWidth"
    time.sleep(2)  # it may fit at once, and no longer when the picture for the small width has come
    page.wait(lambda: abs(page.script(drawn)) <= 40)
    page.script(
        "const link = document.querySelector('.treemap a'); link.focus();"
        "link.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))"
    )
    page.wait(lambda: page.text(".trail b") == "Films")
    page.wait(lambda: page.script("return document.activeElement.textContent") == "Films")


AXE = os.environ.get("CINEORG_TESTS_AXE", "")


@pytest.mark.skipif(not AXE, reason="CINEORG_TESTS_AXE names no axe.min.js")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(library: WebLibrary, browse: Callable[..., Browser], scheme: str) -> None:
    page = browse(library.with_faults().serve())
    page.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    for state in ("before", "after"):
        page.open()
        for width in (1280, 768, 390):
            page.resize(width, 900)
            page.wait(lambda: page.script("return document.readyState") == "complete")
            for details in page.all("details"):
                page.script("arguments[0].open = true", details)
            page.script(Path(AXE).read_text("utf-8"))
            run = "const done = arguments[0]; axe.run(document, {resultTypes: ['violations']}).then(done)"
            found = page.driver.execute_async_script(run)["violations"]
            assert [(state, width, each["id"], each["nodes"][0]["target"]) for each in found] == []
        if state == "before":
            for kind in ("integrity", "cleanup"):
                page.server.analyse(kind)
