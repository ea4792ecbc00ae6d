// The rotation board by mouse and by keys: each move is asked of the server, which judges it and sends the rows back.
// Without this file the board is read as it stands, and each tour is changed on a page of its own.
const board = document.getElementById("board");
const panel = document.getElementById("panel");
const inside = document.getElementById("panel-in");
const LIVE = { "X-Board": "1" };
const STEPS = { ArrowLeft: "trai", ArrowRight: "phai", ArrowUp: "len", ArrowDown: "xuong" };
const KEYS = { "+": "dai", "=": "dai", "-": "ngan", "−": "ngan" };
const canEdit = () => Boolean(board.dataset.edit) && matchMedia("(min-width: 640px)").matches;
const parts = (html) => new DOMParser().parseFromString(html, "text/html");
let lifted = null; // {key, row, week, weeks}: a tour on its way by keys
let dragged = null; // {key, offset}: a tour on its way by mouse
let waiting = Promise.resolve(); // moves go one after the other: each stands on the one before

function keyOf(chip) {
  const found = /\/luot\/([^/]+)\//.exec(chip?.getAttribute("href") || "");
  return found && decodeURIComponent(found[1]);
}

const chipOf = (target) => target.closest?.("#board tbody td.tour a, #board tbody td.locked a");
const chips = () => [...board.querySelectorAll("tbody td a")];
const rows = () => [...board.querySelectorAll("tbody tr[data-k]")];

function find(key) {
  return chips().find((one) => keyOf(one) === key);
}

// the 0-based week in which a cell begins: its row is whole, from the first week shown
function weekOf(cell) {
  let week = Number(board.dataset.first);
  for (let one = cell.previousElementSibling; one; one = one.previousElementSibling) {
    if (one.tagName === "TD") week += one.colSpan;
  }
  return week;
}

function cellAt(row, week) {
  return [...row.querySelectorAll("td")].find((one) => {
    const first = weekOf(one);
    return first <= week && week < first + one.colSpan;
  });
}

function place(row) {
  const body = row.parentElement;
  const name = (one) => one.textContent.trim();
  return { tram: body.dataset.s, "vi-tri": row.dataset.k, words: `${name(body.querySelector("th[scope=rowgroup]"))} · ${name(row.querySelector("th[scope=row]"))}` };
}

function say(words) {
  document.getElementById("status").textContent = words;
}

async function send(form) {
  const sent = new URLSearchParams({ csrfmiddlewaretoken: document.querySelector("[name=csrfmiddlewaretoken]").value, ...form });
  let answer;
  try {
    answer = await fetch(board.dataset.edit, { method: "POST", body: sent, headers: LIVE });
  } catch {
    return say(board.dataset.failed);
  }
  if (answer.redirected || ![200, 422].includes(answer.status)) return location.reload(); // signed out, or no such draft
  const found = parts(await answer.text());
  if (answer.status === 422) return refused(found);
  take(found);
}

// `seen` is read when its turn has come: the move before has changed it
function ask(form) {
  waiting = waiting.then(() => send({ seen: board.dataset.seen, ...form }));
  return waiting;
}

function take(found) {
  const answer = found.getElementById("answer");
  for (const body of found.querySelectorAll("tbody")) {
    const old = document.getElementById(body.id);
    if (old) old.replaceWith(document.importNode(body, true));
  }
  for (const id of ["totals", "turns"]) {
    const part = found.getElementById(id);
    document.getElementById(id)?.replaceWith(document.importNode(part, true));
  }
  board.dataset.seen = answer.dataset.seen;
  close();
  say(found.getElementById("sentence").textContent);
  const chip = answer.dataset.key && find(answer.dataset.key);
  (chip || board.closest(".wide")).focus();
}

function refused(found) {
  const part = found.querySelector("[data-refused]");
  show(part);
  say(part.querySelector("h2").textContent);
}

function show(part, at) {
  inside.replaceChildren(document.importNode(part, true));
  if (!panel.open) panel.showModal();
  if (window.htmx) window.htmx.process(inside);
  const first = (at && inside.querySelector(at)) || inside.querySelector("input:not([type=hidden]), select, button, a");
  first?.focus();
}

function close() {
  if (panel.open) panel.close();
  inside.replaceChildren();
}

async function open(link, at) {
  const answer = await fetch(link.href, { headers: LIVE });
  if (!answer.ok) return location.assign(link.href);
  show(parts(await answer.text()).querySelector("section"), at);
}

// forms in the panel, and the buttons that undo, go the same way as a move
document.addEventListener("submit", (event) => {
  const form = event.target;
  const isOurs = form.method === "post" && new URL(form.action).pathname.endsWith("/bang/sua/");
  if (!board.dataset.edit || !isOurs || !(panel.contains(form) || form.id === "turns")) return;
  event.preventDefault();
  const data = new FormData(form);
  if (event.submitter?.name) data.set(event.submitter.name, event.submitter.value);
  data.delete("csrfmiddlewaretoken");
  if (form.id === "turns") data.delete("seen"); // of the board, when its turn comes: two clicks are two steps back
  ask(Object.fromEntries(data));
});

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  if (event.target.closest("[data-close]") && panel.open) {
    event.preventDefault();
    return close();
  }
  const link = event.target.closest("#board tbody td a");
  if (!link || !matchMedia("(min-width: 640px)").matches) return;
  event.preventDefault();
  open(link);
});

board.addEventListener("keydown", (event) => {
  if (event.isComposing || event.metaKey) return; // Unikey is still at work on a letter
  if (event.ctrlKey) return withCtrl(event);
  const chip = chipOf(event.target);
  if (event.altKey) {
    if (chip && canEdit() && STEPS[event.key]) {
      event.preventDefault(); // Alt+← would leave the page: only here, where a tour has the focus
      ask({ viec: STEPS[event.key], luot: keyOf(chip) });
    }
    return;
  }
  if (lifted) return carry(event);
  const link = event.target.closest("tbody td a");
  if (link && STEPS[event.key]) return walk(event, link);
  const single = document.getElementById("single-keys");
  if (link && (!single || single.checked)) alone(event, link, chip);
});

function withCtrl(event) {
  const key = event.key.toLowerCase();
  if (!canEdit() || event.altKey || (key !== "z" && key !== "y")) return;
  event.preventDefault();
  ask({ viec: key === "y" || event.shiftKey ? "lam-lai" : "hoan-lai" });
}

// arrows alone go from cell to cell
function walk(event, link) {
  event.preventDefault();
  const row = link.closest("tr");
  const all = rows();
  const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  let next;
  if (sideways) {
    const own = [...row.querySelectorAll("td a")];
    next = own[own.indexOf(link) + sideways];
  } else {
    const step = event.key === "ArrowUp" ? -1 : 1;
    const week = weekOf(link.closest("td"));
    for (let at = all.indexOf(row) + step; all[at] && !next; at += step) {
      next = cellAt(all[at], week)?.querySelector("a") || all[at].querySelector("td a");
    }
  }
  next?.focus();
}

function alone(event, link, chip) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const may = chip && canEdit();
  if (key === " " && may) lift(chip);
  else if (KEYS[key] && may) ask({ viec: KEYS[key], luot: keyOf(chip) });
  else if (key === "g" && may) ask({ viec: chip.textContent.startsWith("#") ? "bo-ghim" : "ghim", luot: keyOf(chip) });
  else if (key === "Delete" && may) ask({ viec: "bo", luot: keyOf(chip) });
  else if (key === "l") open(link, "#vi-sao");
  else if (key === "n") open(link, "#ung-vien");
  else if (key === "c" && may) open(link, "#den-tram");
  else if (key === "b" && board.dataset.compare) location.assign(board.dataset.compare);
  else return;
  event.preventDefault();
}

function lift(chip) {
  const cell = chip.closest("td");
  lifted = { key: keyOf(chip), row: cell.closest("tr"), week: weekOf(cell), chip };
  chip.classList.add("lifted");
  say(board.dataset.lifted);
}

function carry(event) {
  const all = rows();
  const weeks = board.tHead.rows[0].cells.length - 2;
  const first = Number(board.dataset.first);
  const at = all.indexOf(lifted.row);
  if (event.key === "ArrowLeft") lifted.week = Math.max(first, lifted.week - 1);
  else if (event.key === "ArrowRight") lifted.week = Math.min(first + weeks - 1, lifted.week + 1);
  else if (event.key === "ArrowUp") lifted.row = all[Math.max(0, at - 1)];
  else if (event.key === "ArrowDown") lifted.row = all[Math.min(all.length - 1, at + 1)];
  else if (event.key === " " || event.key === "Enter") {
    const { key, row, week } = lifted;
    const { words, ...to } = place(row);
    put();
    ask({ viec: "chuyen", luot: key, ...to, tuan: week + 1 });
  } else if (event.key === "Escape" || event.key === "Tab") {
    put();
    say(board.dataset.left);
    if (event.key === "Tab") return;
  } else return;
  event.preventDefault();
  event.stopPropagation();
  if (lifted) hover(lifted.row, lifted.week);
}

function put() {
  lifted?.chip.classList.remove("lifted");
  lifted = null;
  hover();
}

// show where a tour on its way would stand: the cell, and the week over it
function hover(row, week, isQuiet) {
  for (const one of board.querySelectorAll(".target")) one.classList.remove("target");
  if (!row) return;
  const head = board.tHead.rows[0].cells[week - Number(board.dataset.first) + 2];
  const cell = cellAt(row, week);
  head?.classList.add("target");
  cell?.classList.add("target");
  if (isQuiet) return;
  cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  say(`${place(row).words} · ${board.dataset.over.replace("#", head?.querySelector("b").textContent || "")}`);
}

function under(event) {
  const cell = event.target.closest("#board tbody tr[data-k] td");
  if (!cell) return null;
  const box = cell.getBoundingClientRect();
  const inner = Math.min(cell.colSpan - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * cell.colSpan)));
  return { row: cell.closest("tr"), week: weekOf(cell) + inner };
}

board.addEventListener("dragstart", (event) => {
  const chip = chipOf(event.target);
  if (!chip || !canEdit()) return;
  const at = under(event);
  dragged = { key: keyOf(chip), offset: at.week - weekOf(chip.closest("td")) };
  event.dataTransfer.effectAllowed = "move";
});

board.addEventListener("dragover", (event) => {
  const at = dragged && under(event);
  if (!at) return;
  event.preventDefault();
  hover(at.row, Math.max(Number(board.dataset.first), at.week - dragged.offset), true);
});

board.addEventListener("drop", (event) => {
  const at = dragged && under(event);
  if (!at) return;
  event.preventDefault();
  const { words, ...to } = place(at.row);
  ask({ viec: "chuyen", luot: dragged.key, ...to, tuan: Math.max(0, at.week - dragged.offset) + 1 });
});

board.addEventListener("dragend", () => {
  dragged = null;
  hover();
});
