/* The desk by keyboard, ticks on several steps, and new work that appears by itself. */
"use strict";

const OFF = "xinban-keys-off";
const EVERY_MS = 20000;
const byId = (id) => document.getElementById(id);
const rows = () => [...document.querySelectorAll("[data-row]")];
const boxes = () => [...document.querySelectorAll("[data-row] input[name=item]")];

/* ---------- Keys ---------- */
const dialog = byId("keys");
const keys = { j: () => move(1), k: () => move(-1), c: claim, x: tick, "/": toSearch, "?": showKeys };

function keysAreOff() {
  try {
    return localStorage.getItem(OFF) === "yes";
  } catch {
    return false;
  }
}

function isTyping(place) {
  return Boolean(place.closest("input:not([type=checkbox]), select, textarea, [contenteditable]"));
}

document.addEventListener("keydown", (event) => {
  const act = Object.hasOwn(keys, event.key) && keys[event.key];
  const modified = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
  if (!act || modified || keysAreOff() || dialog.open || isTyping(event.target)) return;
  event.preventDefault();
  act();
});

function current() {
  return document.activeElement.closest("[data-row]");
}

function move(by) {
  const all = rows();
  const at = all.indexOf(current());
  const to = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
  const link = all[to]?.querySelector("th a");
  link?.focus({ preventScroll: true });
  all[to]?.scrollIntoView({ block: "nearest" });
}

function claim() {
  current()?.querySelector("button.claim")?.click();
}

function tick() {
  current()?.querySelector("input[name=item]")?.click();
}

function toSearch() {
  const field = byId("desk-search");
  field?.focus();
  field?.select();
}

function showKeys() {
  dialog.showModal();
}

if (dialog) {
  const open = byId("keys-open");
  const switched = byId("keys-on");
  open.hidden = false;
  open.addEventListener("click", showKeys);
  switched.checked = !keysAreOff();
  switched.addEventListener("change", () => {
    try {
      localStorage.setItem(OFF, switched.checked ? "no" : "yes");
    } catch {
      /* A browser that keeps nothing keeps the keys. */
    }
  });
}

/* ---------- Ticks ---------- */
function countTicks() {
  const bar = byId("ticked");
  if (!bar) return;
  const ticked = boxes().filter((box) => box.checked).length;
  const said = byId("ticked-count");
  said.textContent = said.dataset.said.replace("{n}", ticked);
  bar.hidden = ticked === 0;
  const all = byId("tick-all");
  all.hidden = false;
  all.checked = ticked > 0 && ticked === boxes().length;
  all.indeterminate = ticked > 0 && !all.checked;
}

document.addEventListener("change", (event) => {
  if (event.target.id === "tick-all") {
    for (const box of boxes()) box.checked = event.target.checked;
  }
  if (event.target.closest("#work-list")) countTicks();
});
window.addEventListener("pageshow", countTicks);
countTicks();

/* ---------- New work ---------- */
/* What a swap would lose: the ticks, and where the reader is. */
let kept = null;
let wanted = false;

function look() {
  if (document.visibilityState !== "visible" || dialog.open) return;
  byId("work-list")?.dispatchEvent(new CustomEvent("look"));
}

function isOurs(request) {
  // A session that has ended answers with the page for signing in.
  return request.status === 200 && new URL(request.responseURL).pathname === location.pathname;
}

function tell(news) {
  const bar = byId("news-bar");
  const said = news === 1 ? bar.dataset.one : bar.dataset.many.replace("{n}", news);
  if (byId("news").textContent !== said) byId("news").textContent = said;
  bar.querySelector("span").textContent = said;
}

function newIn(text) {
  const known = new Set(rows().map((row) => row.dataset.row));
  const come = new DOMParser().parseFromString(text, "text/html").querySelectorAll("[data-row]");
  return [...come].map((row) => row.dataset.row).filter((id) => !known.has(id));
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id !== "work-list") return;
  if (!isOurs(event.detail.xhr)) {
    event.detail.shouldSwap = false;
    return;
  }
  const fresh = newIn(event.detail.xhr.responseText);
  const ticked = boxes().filter((box) => box.checked);
  if (fresh.length) tell(fresh.length);
  if (ticked.length && !wanted) {
    event.detail.shouldSwap = false;
    byId("news-bar").hidden = fresh.length === 0;
    return;
  }
  const at = document.activeElement;
  kept = {
    fresh: new Set(fresh),
    ticked: new Set(ticked.map((box) => box.value)),
    row: current()?.dataset.row,
    kind: ["th a", "input[name=item]", ".do a", ".do button"].find((kind) => at.matches(kind)),
  };
});

document.addEventListener("htmx:afterSwap", () => {
  if (!kept) return;
  for (const box of boxes()) box.checked = kept.ticked.has(box.value);
  for (const row of rows()) row.classList.toggle("fresh", kept.fresh.has(row.dataset.row));
  const again = rows().find((row) => row.dataset.row === kept.row);
  again?.querySelector(kept.kind ?? "th a")?.focus({ preventScroll: true });
  byId("list-count").textContent = byId("work-list").dataset.count;
  byId("news-bar").hidden = true;
  kept = null;
  wanted = false;
  countTicks();
});

byId("news-bar")?.querySelector("button").addEventListener("click", () => {
  wanted = true;
  look();
});
if (byId("work-list")) {
  setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);
}
