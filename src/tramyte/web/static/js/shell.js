// What makes pages quicker for those who have scripts; every page is whole without it.
"use strict";

const status = document.getElementById("status");

function tell(words) {
  status.textContent = words;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return; // Unikey is still at work on a letter
  if (event.ctrlKey && event.key.toLowerCase() === "k") {
    const field = document.getElementById("find");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  }
  const keys = document.querySelector(".keys");
  if (event.key === "?" && keys && !event.target.closest("input, textarea, select")) {
    keys.open = !keys.open;
    keys.querySelector("summary").focus();
  }
  if (event.key === "Escape") {
    const open = event.target.closest("header details[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  }
});

// one of the small windows of the bar at a time, and none when somebody looks elsewhere
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("header details[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-copy]");
  if (!link || !navigator.clipboard) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.status);
    await navigator.clipboard.writeText(await answer.text());
    tell(link.dataset.copy);
  } catch {
    location.assign(link.href); // the words are shown instead
  }
});
