// What the page does without being loaded again. Every part of the page comes from the server as HTML in which names
// are escaped already; nothing that was found is put together here.
"use strict";

const UNREACHABLE = "the server does not answer";

const base = document.documentElement.dataset.base; // of a reverse proxy; the server's addresses are without it
const sections = new Map();
const spaced = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

async function ask(address, options) {
  try {
    return await fetch(address.startsWith("/") ? base + address : address, options);
  } catch {
    throw new Error(UNREACHABLE); // each browser has words of its own for it, none of them for people
  }
}

async function fetchPart(address, options = {}) {
  const answer = await ask(address, { headers: { accept: "text/html" }, ...options });
  if (!answer.ok) throw new Error(await answer.text());
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return holder.content;
}

// Analyses: the stream sends the whole state of each, whenever it has changed.

class Section {
  constructor(element) {
    this.element = element;
    this.title = element.querySelector("h2").textContent;
    this.button = element.querySelector("[data-start] button");
    this.label = this.button.textContent;
    this.state = null;
    this.shown = 0; // how many states were shown
    this.spoken = "";
    element.addEventListener("submit", (event) => {
      if ("start" in event.target.dataset) this.start(event);
      else if ("cancel" in event.target.dataset) this.cancel(event);
    });
    this.rate = null; // of the phase: its number, and how much of it was done when
    const tell = this.part("tell");
    if ("Notification" in window && isSecureContext) tell.hidden = false;
    tell.addEventListener("click", async () => {
      this.wantsNotice = (await Notification.requestPermission()) === "granted";
      setText(tell, this.wantsNotice ? "You will be told" : "The browser does not allow it");
    });
  }

  part(name) {
    return this.element.querySelector(`[data-${name}]`);
  }

  async start(event) {
    event.preventDefault();
    if (this.state === "running") return;
    const before = this.shown;
    try {
      const answer = await ask(event.target.action, { method: "POST", headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(await answer.text());
      const started = await answer.json();
      // A short run may be over, and told by the stream, before its start is answered.
      if (this.shown === before) this.show(started);
    } catch (error) {
      this.say(`${this.title} could not be started: ${error.message}`, true);
    }
  }

  async cancel(event) {
    event.preventDefault();
    try {
      const answer = await ask(event.target.action, { method: "POST", headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(await answer.text());
    } catch (error) {
      this.say(`${this.title} could not be cancelled: ${error.message}`, true);
    }
  }

  say(text, visibly = false) {
    if (text === this.spoken) return;
    this.spoken = text;
    setText(this.part("announce"), text);
    if (visibly) {
      this.part("progress").hidden = false;
      this.part("bar").hidden = true;
      this.part("steps").replaceChildren();
      this.part("foot").hidden = true;
      setText(this.part("phase"), text);
      setText(this.part("count"), "");
    }
  }

  show(snapshot) {
    const before = this.state;
    this.shown += 1;
    const running = snapshot.state === "running";
    this.state = snapshot.state;
    this.button.setAttribute("aria-disabled", String(running));
    setText(this.button, running ? "Running…" : this.label);
    this.part("progress").hidden = !running;
    this.snapshot = snapshot;
    if (!running) showTitle();
    if (running) {
      this.begunAt = performance.now() - snapshot.seconds * 1000;
      this.element.querySelector("[data-failed]")?.remove(); // of the attempt before
      this.showProgress(snapshot);
      return;
    }
    const shown = this.element.querySelector("[data-run]")?.dataset.run ?? "";
    const failed = this.element.querySelector("[data-failed]")?.dataset.failed ?? "";
    const since = this.element.querySelector("[data-run]")?.dataset.since ?? "";
    const isOlder = snapshot.since !== undefined && snapshot.since !== since;
    const isNews = before !== null; // the first state only says what the page, as it came, shows already
    if (before === "running" || snapshot.result !== shown || snapshot.failed !== failed) this.reload(isNews);
    else if (isOlder) this.reload(false);
  }

  showProgress(snapshot) {
    const step = snapshot.steps.at(-1);
    const phase = !step ? "Starting" : step.number === 0 ? step.label : `Phase ${step.number} of ${snapshot.phases}: ${step.label}`;
    const total = step?.total ?? null;
    setText(this.part("phase"), phase);
    setText(this.part("count"), step ? spaced(step.done) + (total === null ? "" : ` of ${spaced(total)}`) : "");
    this.part("foot").hidden = false;
    const now = performance.now();
    if (step && this.rate?.number !== step.number) this.rate = { number: step.number, at: now, done: step.done };
    const bar = this.part("bar");
    bar.hidden = false;
    if (total) {
      bar.max = total;
      bar.value = step.done;
    } else {
      bar.removeAttribute("value");
    }
    const known = new Map(snapshot.steps.map((each) => [each.number, each]));
    const items = [];
    for (let number = known.has(0) ? 0 : 1; number <= snapshot.phases; number += 1) {
      const each = known.get(number);
      const item = document.createElement("li");
      const isLast = each !== undefined && each === step;
      item.className = isLast ? "now" : each ? "past" : "later";
      if (isLast) item.setAttribute("aria-current", "step");
      item.textContent = each?.label ?? snapshot.labels?.[number - 1] ?? `Phase ${number}`;
      items.push(item);
    }
    this.part("steps").replaceChildren(...items);
    this.say(`${this.title}: ${phase}`);
    this.showTime();
  }

  showTime() {
    if (this.state !== "running") return;
    const step = this.snapshot.steps.at(-1);
    const now = performance.now();
    const words = [`${duration((now - this.begunAt) / 1000)} so far`];
    const done = step ? step.done - this.rate.done : 0;
    if (step?.total && done > 0 && now - this.rate.at > 2000 && step.done < step.total) {
      words.push(`about ${duration(((now - this.rate.at) / 1000 / done) * (step.total - step.done))} left in this phase`);
    }
    if (this.snapshot.lasted) words.push(`${duration(this.snapshot.lasted)} in all the last time`);
    setText(this.part("time"), words.join(" · "));
    showTitle();
  }

  ended() {
    const words = this.part("announce").textContent;
    if (this.wantsNotice && document.hidden) new Notification("cineorg", { body: words });
  }

  async reload(isNews) {
    try {
      const opened = [...this.element.querySelectorAll("details[open][data-category]")].map((each) => each.dataset.category);
      this.part("result").replaceChildren(await fetchPart(`/${this.element.dataset.kind}/result`));
      for (const category of this.element.querySelectorAll("details[data-category]")) {
        category.open = opened.includes(category.dataset.category);
      }
      showTimes(this.element);
      if (isNews) {
        const total = this.element.querySelector(".total");
        const ended = total ? total.textContent.trim().replace(/\s+/g, " ") : "no result";
        if (this.snapshot.cancelled) this.say(`${this.title} cancelled`);
        else this.say(this.state === "failed" ? `${this.title} failed` : `${this.title} done: ${ended}`);
        this.ended();
        loadPicture(location.search);
        refresh();
      }
    } catch (error) {
      this.say(`The result could not be loaded: ${error.message}`, true);
    }
  }
}

const quietTitle = document.title;

function showTitle() {
  const running = [...sections.values()].find((section) => section.state === "running");
  const step = running?.snapshot.steps.at(-1);
  const share = step?.total ? `${Math.floor((100 * step.done) / step.total)} % ` : "";
  const title = running ? `${share}${step?.label ?? running.title} · cineorg` : quietTitle;
  if (document.title !== title) document.title = title;
}

function duration(seconds) {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

// What others have done to the library: its parts are loaded again when the stream tells that it is another one.

let known = null; // the library's token

async function refresh() {
  const places = [["[data-overview]", "/overview"], ["[data-done]", "/done"]];
  for (const [selector, address] of places) {
    try {
      const part = await fetchPart(address);
      const holder = document.querySelector(selector);
      holder.replaceChildren(part);
      showTimes(holder);
    } catch {
      // What is there stays; the stream says when the server is lost.
    }
  }
}

async function follow(token) {
  const isNews = known !== null && known !== token;
  known = token;
  if (!isNews) return;
  await refresh();
  loadPicture(location.search);
}

let stream = null;

function listen() {
  if (document.hidden) {
    stream?.close(); // a browser has few connections for one server: hidden tabs leave theirs to the others
    stream = null;
  } else if (!stream) {
    stream = new EventSource(`${base}/events`);
    const lost = document.querySelector("[data-lost]");
    stream.addEventListener("open", () => { lost.hidden = true; });
    stream.addEventListener("error", () => { lost.hidden = false; }); // the browser goes on trying
    stream.addEventListener("analysis", (event) => {
      const snapshot = JSON.parse(event.data);
      sections.get(snapshot.kind)?.show(snapshot);
    });
    stream.addEventListener("library", (event) => follow(JSON.parse(event.data)));
  }
}

// Rows: fifty at a time. A row can be ticked, copied and explained; what is done with it comes from the server.

async function loadMore(button) {
  const list = button.closest("[data-list]");
  if (list.getAttribute("aria-busy") === "true") return;
  list.setAttribute("aria-busy", "true");
  try {
    const part = await fetchPart(button.dataset.more);
    if (!button.isConnected) return;
    const hadFocus = document.activeElement === button;
    const first = part.querySelector("li");
    equip(part, list);
    list.querySelector("ol").append(...part.querySelectorAll("li"));
    list.querySelector(".more").replaceWith(part.querySelector(".more"));
    if (hadFocus) (list.querySelector("[data-more]") ?? first?.querySelector("input"))?.focus({ preventScroll: true });
  } catch (error) {
    setText(list.querySelector(".more span") ?? list.querySelector(".more"), error.message);
  } finally {
    list.removeAttribute("aria-busy");
  }
}

function equip(part, list) {
  for (const row of part.querySelectorAll("[data-row]:not(:has(.acts))")) {
    const name = row.querySelector(".path").textContent;
    const acts = document.createElement("p");
    acts.className = "acts";
    const tick = document.createElement("input");
    tick.type = "checkbox";
    tick.dataset.tick = "";
    tick.setAttribute("aria-label", `Tick ${name}`);
    acts.append(tick);
    for (const [word, label] of [["explain", "Explain"], ["path", "Copy path"]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset[word] = "";
      button.textContent = label;
      button.setAttribute("aria-label", `${label}: ${name}`);
      acts.append(button);
    }
    row.prepend(acts);
  }
}

function runOf(element) {
  const found = element.closest("[data-of]");
  if (found) return { kind: found.dataset.of, run: found.dataset.ofRun };
  const section = element.closest("[data-kind]");
  return { kind: section.dataset.kind, run: section.querySelector("[data-run]").dataset.run };
}

async function explain(button) {
  const row = button.closest("[data-row]");
  const shown = row.querySelector(".explained");
  if (shown) {
    shown.remove();
    return;
  }
  const { kind, run } = runOf(row);
  setText(button, "Looking…");
  try {
    const address = `/${kind}/explain?run=${encodeURIComponent(run)}&id=${row.dataset.row}`;
    row.append(await fetchPart(address, { method: "POST" }));
  } catch (error) {
    row.append(Object.assign(document.createElement("p"), { className: "details explained", textContent: error.message }));
  }
  setText(button, "Explain");
}

async function copyPath(button) {
  const row = button.closest("[data-row]");
  const { kind, run } = runOf(row);
  try {
    const answer = await ask(`/${kind}/path?run=${encodeURIComponent(run)}&id=${row.dataset.row}`);
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    await copyText(button, text, row.querySelector(".path"));
  } catch (error) {
    setText(button, error.message);
  }
}

let ticksAsked = 0;

async function showTicked(tick) {
  const holder = tick.closest("[data-of], .category-body");
  let place = holder.querySelector("[data-ticked]");
  if (!place) {
    place = document.createElement("div");
    place.dataset.ticked = "";
    holder.append(place);
  }
  const ids = [...holder.querySelectorAll("[data-tick]:checked")].map((each) => each.closest("[data-row]").dataset.row);
  const { kind, run } = runOf(tick);
  const turn = (ticksAsked += 1);
  try {
    const part = ids.length ? await fetchPart(`/${kind}/ticked?run=${encodeURIComponent(run)}&ids=${ids.join(",")}`) : "";
    if (turn === ticksAsked) place.replaceChildren(part);
  } catch (error) {
    setText(place, error.message);
  }
}

const pending = new WeakMap();

function searchSoon(form, delay) {
  clearTimeout(pending.get(form)?.timer);
  const turn = {};
  turn.timer = setTimeout(async () => {
    const whole = form.classList.contains("whole");
    const list = whole ? document.querySelector("[data-hits]") : form.parentElement.querySelector("[data-list]");
    const asked = new URLSearchParams(new FormData(form));
    asked.set("q", (asked.get("q") ?? "").trim());
    if (whole && form.dataset.folder) {
      asked.set("folder", form.dataset.folder);
      asked.set("tree", form.dataset.tree);
    }
    try {
      const part = await fetchPart(`${form.dataset.search}&${asked}`);
      if (pending.get(form) !== turn) return; // something else has been typed since
      const found = whole ? null : part.querySelector("[data-found]").dataset.found;
      const groups = part.querySelector("[data-total]")?.dataset.total;
      equip(part, list);
      list.replaceChildren(part);
      if (whole) setText(document.querySelector("[data-heard]"), asked.get("q") ? `${groups} kinds have it` : "");
      else setText(form.closest("[data-kind]").querySelector("[data-announce]"), asked.get("q") ? `${found} found` : "");
    } catch (error) {
      setText(list.querySelector(".more") ?? list, error.message);
    }
  }, delay);
  pending.set(form, turn);
}

function showFindings(link) {
  const form = document.querySelector(".search.whole");
  form.dataset.folder = link.dataset.findings;
  form.dataset.tree = link.dataset.tree;
  form.reset();
  searchSoon(form, 0);
}

function forgetFolder() {
  const form = document.querySelector(".search.whole");
  delete form.dataset.folder;
  searchSoon(form, 0);
  form.querySelector("input").focus();
}

// The picture is drawn by the server for the width that there is.

let pictureTurn = 0;
let pictureSearch = location.search;

async function loadPicture(search) {
  const holder = document.querySelector("[data-library]");
  const query = new URLSearchParams(search);
  const width = pictureWidth();
  query.set("width", width);
  const turn = (pictureTurn += 1);
  pictureSearch = search;
  try {
    const part = await fetchPart(`/library?${query}`);
    if (turn !== pictureTurn) return;
    holder.replaceChildren(part);
  } catch {
    return; // the picture that is there stays; loading the page again shows what is wrong
  }
  if (Math.abs(width - pictureWidth()) > 40) loadPicture(search); // the window has changed while it was on its way
}

function pictureWidth() {
  const holder = document.querySelector("[data-library]");
  const style = getComputedStyle(holder.querySelector(".card-head"));
  return Math.round(holder.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight));
}

function fitPicture() {
  const drawn = document.querySelector(".treemap");
  if (drawn && Math.abs(drawn.clientWidth - Number(drawn.dataset.width)) > 40) loadPicture(location.search);
}

async function showPicture(link) {
  const address = new URL(link.href.baseVal ?? link.href, location.href);
  await loadPicture(address.search);
  history.pushState(null, "", address.search + "#library");
  const place = document.querySelector("[data-library] .trail b");
  place?.scrollIntoView({ block: "nearest" });
  place?.focus({ preventScroll: true }); // the link that had it is gone
}

// Times, copying, and which section is in sight.

function showTimes(within) {
  for (const element of within.querySelectorAll("time")) {
    const time = new Date(element.dateTime);
    if (Number.isNaN(time.getTime())) continue;
    const exact = time.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    if ("ago" in element.dataset) {
      setText(element, ago(time));
      element.title = exact;
    } else {
      setText(element, "relative" in element.dataset ? `${ago(time)} (${exact})` : exact);
    }
  }
}

function ago(time) {
  const seconds = Math.max(0, (Date.now() - time) / 1000);
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  if (seconds < 60) return "just now";
  if (seconds < 3600) return words.format(-Math.floor(seconds / 60), "minute");
  if (seconds < 86400) return words.format(-Math.floor(seconds / 3600), "hour");
  return words.format(-Math.floor(seconds / 86400), "day");
}

async function copy(button) {
  const code = button.parentElement.querySelector("code");
  await copyText(button, code.textContent, code);
}

async function copyText(button, text, shown) {
  const label = button.textContent;
  let done = "Copied";
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const range = document.createRange(); // without https a browser gives no clipboard: mark it, to be copied by hand
    range.selectNodeContents(shown);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    done = document.execCommand("copy") ? "Copied" : "Marked";
  }
  setText(button, done);
  setTimeout(() => setText(button, label), 2000);
}

let chosen = null; // of the navigation; a short page cannot always be scrolled to what was chosen

function markSection() {
  const links = [...document.querySelectorAll("nav a")];
  const line = innerHeight / 3;
  const reached = links.filter((link) => document.querySelector(link.hash).getBoundingClientRect().top <= line);
  const atEnd = scrollY > 0 && Math.ceil(scrollY + innerHeight) >= document.documentElement.scrollHeight;
  const inSight = scrollY === 0 ? links[0] : atEnd ? links.at(-1) : reached.at(-1) ?? links[0];
  const current = chosen ?? inSight;
  for (const link of links) {
    if (link === current) link.setAttribute("aria-current", "location");
    else link.removeAttribute("aria-current");
  }
}

document.addEventListener("click", (event) => {
  const more = event.target.closest("[data-more]");
  const copied = event.target.closest("[data-copy]");
  const picture = event.target.closest("[data-picture]");
  const section = event.target.closest("nav a");
  if (section) {
    chosen = section;
    markSection();
  }
  const explained = event.target.closest("[data-explain]");
  const path = event.target.closest("[data-path]");
  const findings = event.target.closest("[data-findings]");
  if (explained) explain(explained);
  else if (path) copyPath(path);
  else if (findings) showFindings(findings);
  else if (event.target.closest("[data-forget]")) forgetFolder();
  else if (more) loadMore(more);
  else if (copied) copy(copied);
  else if (picture && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    showPicture(picture);
  }
});
document.addEventListener("toggle", async (event) => {
  const category = event.target;
  equip(category, category);
  // Few rows come with the page where many would make it large: the rest of the first fifty comes now.
  const count = () => category.querySelectorAll("li").length;
  for (let before = -1, shown = count(); category.open && shown > before && shown < 50; shown = count()) {
    const more = category.querySelector("[data-more]");
    if (!more) break;
    before = shown;
    await loadMore(more);
  }
}, true);
document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-search]");
  if (form) searchSoon(form, event.target.type === "search" ? 200 : 0);
  else if ("tick" in event.target.dataset) showTicked(event.target);
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-search]");
  if (!form) return;
  event.preventDefault();
  searchSoon(form, 0);
});
document.addEventListener("visibilitychange", listen);
for (const moved of ["wheel", "touchmove", "keydown", "pointerdown"]) {
  document.addEventListener(moved, () => { chosen = null; }, { passive: true });
}
document.addEventListener("scroll", markSection, { passive: true });
window.addEventListener("popstate", () => {
  if (location.search !== pictureSearch) loadPicture(location.search); // going to another section is no reason
});
window.addEventListener("resize", fitPicture);

for (const element of document.querySelectorAll("[data-kind]")) sections.set(element.dataset.kind, new Section(element));
showTimes(document);
markSection();
fitPicture();
listen();
setInterval(() => showTimes(document), 60_000);
setInterval(() => { for (const section of sections.values()) section.showTime(); }, 500);
