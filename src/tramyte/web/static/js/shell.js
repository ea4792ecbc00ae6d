// What makes pages quicker for those who have scripts; every page is whole without it.
"use strict";

const status = document.getElementById("status");
const keys = document.querySelector(".keys");
const single = document.getElementById("single-keys"); // keys without Ctrl, which may be switched off on this device
const FIELD = "input:not([type=checkbox], [type=radio]), textarea, select";
const QUARTER = 15 * 60 * 1000;

const kept = (() => {
  try {
    return localStorage;
  } catch {
    return {}; // a browser that keeps nothing
  }
})();

function tell(words) {
  status.textContent = words;
}

if (single) {
  single.checked = kept["single-keys"] !== "off";
  single.closest("p").hidden = false;
  single.addEventListener("change", () => (kept["single-keys"] = single.checked ? "on" : "off"));
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.metaKey) return; // Unikey is still at work on a letter
  if (event.ctrlKey) withCtrl(event);
  else if (event.key === "Escape") close(event);
  else if (single && single.checked && !event.target.closest(FIELD)) alone(event);
});

function withCtrl(event) {
  if (event.key.toLowerCase() === "k") {
    const field = document.getElementById("find");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === "Enter") {
    const form = event.target.closest("main form");
    const found = [...(form || document.querySelector("main")).querySelectorAll("button.main, .button.main")];
    const button = found.length ? found.length === 1 && found[0] : form && form.querySelector("button");
    if (!button) return;
    event.preventDefault();
    button.click();
  }
}

function close(event) {
  const open = event.target.closest("header details[open], .out details[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  } else if (event.target.closest(".list tbody")) {
    for (const row of chosen()) choose(row);
  }
}

function alone(event) {
  if (event.key === "?" && keys) {
    keys.open = !keys.open;
    keys.querySelector("summary").focus();
    return;
  }
  const list = event.target.closest(".wide")?.querySelector(".list");
  if (!list || event.shiftKey) return;
  const row = event.target.closest("tbody tr");
  const link = row && event.target === row && row.querySelector("a");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const down = event.key === "ArrowDown";
    const next = row ? row[down ? "nextElementSibling" : "previousElementSibling"] : down && list.tBodies[0].rows[0];
    if (!next) return;
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.cells[0].scrollIntoView({ block: "nearest", inline: "nearest" });
  } else if (event.key === "Enter" && link) {
    link.click();
  } else if (event.key === " " && row && !event.target.closest("button, input, summary")) {
    choose(row);
  } else return;
  event.preventDefault();
}

const chosen = () => [...document.querySelectorAll(".list tbody .chosen")];

function choose(row) {
  const list = row.closest(".list");
  if (row.classList.toggle("chosen")) {
    const mark = document.createElement("span");
    mark.className = "hidden";
    mark.textContent = ` (${list.dataset.isChosen})`;
    row.cells[0].append(mark);
  } else row.cells[0].lastChild.remove();
  tell(list.dataset.chosen.replace("#", chosen().length));
}

document.addEventListener("click", (event) => {
  const row = event.ctrlKey && event.target.closest(".list tbody tr");
  if (row && !event.target.closest("a, button, input")) choose(row);
});

// one of the small windows of the bar at a time, and none when somebody looks elsewhere
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("header details[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

// of a list as plain words, the lines of the rows that were chosen, if any were
function picked(words) {
  const rows = chosen();
  if (!rows.length) return words;
  const list = rows[0].closest(".list");
  const all = words.split("\n");
  const lines = all.filter((line) => line.startsWith("- "));
  const at = rows.map((row) => lines[row.sectionRowIndex + Number(list.dataset.first) - 1]);
  return [...all.slice(0, all.indexOf(lines[0])), status.textContent, ...at, ""].join("\n");
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-copy]");
  if (!link || !navigator.clipboard) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.status);
    await navigator.clipboard.writeText(picked(await answer.text()));
    tell(link.dataset.copy);
  } catch {
    location.assign(link.href); // the words are shown instead
  }
});

// figures that stand on a screen for long: the page offers newer ones, and changes nothing by itself
const stale = document.getElementById("stale");
const taken = Date.now();

function age() {
  const words = stale.querySelector("template");
  if (words && Date.now() - taken >= QUARTER) words.replaceWith(words.content);
}

if (stale) {
  setInterval(age, 60 * 1000);
  document.addEventListener("visibilitychange", age);
}
