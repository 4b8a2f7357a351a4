import { html } from "hono/html";
import type { SessionView } from "../wasender/views.js";
import type { WasenderEmulator } from "../wasender/wasender.js";
import type { Markup } from "./layout.js";
import { pairingPanel, scanForm, statusPill } from "./pairing-panel.js";

/** One session with the phone that a person plays for it. */
export function sessionCard(wasender: WasenderEmulator, session: SessionView, nowMs: number): Markup {
  const { id } = session;
  const act = `/control/wasender/sessions/${id}`;
  return html`<section class="card" id="session-${id}">
<div class="top">
<h2>${session.name}</h2>
<span class="mono soft">${session.phoneNumber}</span>
<span data-live="status-${id}">${statusPill(session)}</span>
<span class="grow"></span>
<a class="soft" href="/wasender/pair/${id}">Pairing page</a>
</div>
<div class="columns">
<div class="stack">
<div data-live="qr-${id}">${pairingPanel(session, nowMs, wasender.dials.qrLifetimeMs)}</div>
<div data-live="scan-${id}">${scanForm(session)}</div>
<div class="row" data-live="phone-${id}">${phoneButtons(session, act)}</div>
</div>
<div class="stack">
<div data-live="chat-${id}"><div class="chat">${chat(wasender, id)}</div></div>
<form data-act="${act}/receive" data-clear="text">
<input name="from" value="+15550101" aria-label="From" inputmode="tel">
<input name="text" placeholder="Write to this session" aria-label="Text" required autocomplete="off" style="flex-grow: 3">
<button>Send</button>
</form>
<p class="soft">Session ${id}, key <code>${session.apiKey.slice(0, 8)}…</code>,
${session.webhookUrl === null ? "no webhook" : html`webhooks to <code>${session.webhookUrl}</code>`}</p>
</div>
</div>
</section>`;
}

function phoneButtons(session: SessionView, act: string): Markup {
  const linked = session.linkedAs !== null;
  const network = session.networkUp
    ? html`<button data-act="${act}/drop-network" ${linked ? "" : "disabled"}>Drop network</button>`
    : html`<button data-act="${act}/restore-network">Restore network</button>`;
  return html`<button data-act="${act}/unlink" ${linked ? "" : "disabled"}>Unlink</button> ${network}`;
}

/** What was said, both ways, in order of time. */
function chat(wasender: WasenderEmulator, sessionId: number): Markup {
  const mine = wasender.sent
    .filter((message) => message.sessionId === sessionId)
    .map(({ acceptedAtMs, to, text, body, status }) => ({
      atMs: acceptedAtMs,
      markup: html`<div class="bubble mine">${text ?? summary(body)}<small>to ${to}, ${statusWords[status]}</small></div>`,
    }));
  const theirs = wasender.inbound
    .filter((message) => message.sessionId === sessionId)
    .map(({ atMs, from, name, text }) => ({
      atMs,
      markup: html`<div class="bubble">${text}<small>from ${name ?? from}</small></div>`,
    }));
  const said = [...mine, ...theirs].toSorted((a, b) => a.atMs - b.atMs).slice(-30);
  return said.length === 0 ? html`<p class="soft">No messages yet</p>` : html`${said.map(({ markup }) => markup)}`;
}

const statusWords = ["failed", "pending", "sent", "delivered", "read"];

/** A message without text, in brackets: what kind it is. */
function summary(body: Record<string, unknown>): string {
  const kind = Object.keys(body).find((key) => /Url$|^(contact|location|poll)$/.test(key)) ?? "message";
  return `[${kind.replace("Url", "")}]`;
}
