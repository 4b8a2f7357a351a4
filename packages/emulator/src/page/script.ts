/**
 * The page's whole script. It asks the control API how things stand; when something has changed it fetches the page
 * again and swaps the parts marked `data-live`, so that the server alone knows how things look and no input is lost.
 */
export const script = `
"use strict";
const note = document.getElementById("note");
let seen = "";

const say = (text) => {
  note.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { note.textContent = ""; }, 5000);
};

async function act(method, url, body) {
  const response = await fetch(url, {
    method, headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  });
  if (!response.ok) say((await response.json()).error);
  await refresh();
}

async function refresh() {
  let state;
  try {
    state = await (await fetch("/control/state")).text();
  } catch {
    say("The emulator is not running.");
    return;
  }
  if (state === seen) return;
  const text = await (await fetch(location.href)).text();
  const fresh = new DOMParser().parseFromString(text, "text/html");
  seen = state;
  for (const list of document.querySelectorAll("[data-list]")) {
    const other = fresh.getElementById(list.id);
    const keys = (node) => [...node.children].map((child) => child.id).join();
    if (other && keys(list) !== keys(other)) list.replaceChildren(...other.children);
  }
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = fresh.querySelector('[data-live="' + part.dataset.live + '"]');
    if (!other || part.innerHTML === other.innerHTML) continue;
    part.innerHTML = other.innerHTML;
    for (const chat of part.querySelectorAll(".chat")) chat.scrollTop = chat.scrollHeight;
  }
  startBars();
}

function startBars() {
  for (const bar of document.querySelectorAll(".bar i")) {
    if (bar.dataset.endsAt) continue;
    bar.dataset.endsAt = String(Date.now() + Number(bar.dataset.remainingMs));
  }
  tick();
}

function tick() {
  for (const bar of document.querySelectorAll(".bar i")) {
    const share = (Number(bar.dataset.endsAt) - Date.now()) / Number(bar.dataset.lifetimeMs);
    bar.style.width = Math.max(0, Math.min(1, share)) * 100 + "%";
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  event.preventDefault();
  const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
  let body = fields;
  if (form.dataset.json !== undefined) {
    try { body = JSON.parse(fields[form.dataset.json] || "{}"); } catch (error) { return say(error.message); }
  }
  void act(form.dataset.method || "POST", form.dataset.act, body);
  if (form.dataset.clear) form.elements[form.dataset.clear].value = "";
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (button) void act("POST", button.dataset.act, {});
});
document.addEventListener("change", (event) => {
  if (event.target.dataset.act) void act("POST", event.target.dataset.act, { name: event.target.value });
});

startBars();
setInterval(refresh, 700);
setInterval(tick, 500);
`;
