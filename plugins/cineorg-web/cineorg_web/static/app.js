// What the page does without being loaded again. Every part of the page comes from the server as HTML in which names
// are escaped already; nothing that was found is put together here.
"use strict";

const UNREACHABLE = "the server does not answer";

const sections = new Map();
const spaced = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

async function ask(address, options) {
  try {
    return await fetch(address, options);
  } catch {
    throw new Error(UNREACHABLE); // each browser has words of its own for it, none of them for people
  }
}

async function fetchPart(address) {
  const answer = await ask(address, { headers: { accept: "text/html" } });
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

  say(text, visibly = false) {
    if (text === this.spoken) return;
    this.spoken = text;
    setText(this.part("announce"), text);
    if (visibly) {
      this.part("progress").hidden = false;
      this.part("bar").hidden = true;
      this.part("steps").replaceChildren();
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
    if (running) {
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
      item.textContent = each ? each.label : `Phase ${number}`;
      items.push(item);
    }
    this.part("steps").replaceChildren(...items);
    this.say(`${this.title}: ${phase}`);
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
        this.say(this.state === "failed" ? `${this.title} failed` : `${this.title} done: ${ended}`);
        loadPicture(location.search);
        refresh();
      }
    } catch (error) {
      this.say(`The result could not be loaded: ${error.message}`, true);
    }
  }
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
    stream = new EventSource("/events");
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

// Rows: pages come on demand, and once all are wanted, as far as one scrolls.

const wanted = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) loadMore(entry.target);
}, { rootMargin: "200px" });

async function loadMore(button, isAllWanted = true) {
  const list = button.closest("[data-list]");
  if (list.getAttribute("aria-busy") === "true") return;
  wanted.unobserve(button);
  list.setAttribute("aria-busy", "true");
  try {
    const part = await fetchPart(button.dataset.more);
    if (!button.isConnected) return;
    const hadFocus = document.activeElement === button;
    const first = part.querySelector("li");
    list.querySelector("ol").append(...part.querySelectorAll("li"));
    list.querySelector(".more").replaceWith(part.querySelector(".more"));
    const next = list.querySelector("[data-more]");
    if (hadFocus) (next ?? list).focus({ preventScroll: true });
    if (next && first && isAllWanted) wanted.observe(next);
  } catch (error) {
    setText(list.querySelector(".more span") ?? list.querySelector(".more"), error.message);
  } finally {
    list.removeAttribute("aria-busy");
  }
}

const pending = new WeakMap();

function searchSoon(form, delay) {
  clearTimeout(pending.get(form)?.timer);
  const turn = {};
  turn.timer = setTimeout(async () => {
    const list = form.parentElement.querySelector("[data-list]");
    const words = form.querySelector("input").value.trim();
    try {
      const part = await fetchPart(`${form.dataset.search}&q=${encodeURIComponent(words)}`);
      if (pending.get(form) !== turn) return; // something else has been typed since
      const found = part.querySelector("[data-found]").dataset.found;
      list.replaceChildren(part);
      list.scrollTop = 0;
      setText(form.closest("[data-kind]").querySelector("[data-announce]"), words ? `${found} found` : "");
    } catch (error) {
      setText(list.querySelector(".more"), error.message);
    }
  }, delay);
  pending.set(form, turn);
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
  let done = "Copied";
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    const range = document.createRange(); // without https a browser gives no clipboard: mark it, to be copied by hand
    range.selectNodeContents(code);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    done = document.execCommand("copy") ? "Copied" : "Marked";
  }
  setText(button, done);
  setTimeout(() => setText(button, "Copy"), 2000);
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
  if (more) loadMore(more);
  else if (copied) copy(copied);
  else if (picture && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    showPicture(picture);
  }
});
document.addEventListener("toggle", async (event) => {
  const category = event.target;
  // Few rows come with the page where many would make it large: the rest of the first fifty comes now.
  const count = () => category.querySelectorAll("li").length;
  for (let before = -1, shown = count(); category.open && shown > before && shown < 50; shown = count()) {
    const more = category.querySelector("[data-more]");
    if (!more) break;
    before = shown;
    await loadMore(more, false);
  }
}, true);
document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-search]");
  if (form) searchSoon(form, 200);
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
