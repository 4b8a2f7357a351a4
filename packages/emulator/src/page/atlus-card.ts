import { html } from "hono/html";
import type { AtlusEmulator } from "../atlus/atlus.js";
import { atlusScenarios } from "../atlus/scenarios.js";
import type { AtlusSessionView, ChatView } from "../atlus/views.js";
import type { Markup } from "./layout.js";
import { scenarioPicker } from "./scenario-picker.js";

/** ATLUS: its conversations, and the model that a person may play. */
export function atlusCard(atlus: AtlusEmulator): Markup {
  const { baseUrl, personalAccessToken: token, pendingChats } = atlus;
  return html`<section class="card stack" id="atlus">
<div class="top">
<h2>ATLUS</h2>
<span class="soft">at <code>${baseUrl}</code>${token === undefined ? "" : html`, token <code>${token}</code>`}</span>
<span class="grow"></span>
${scenarioPicker("ATLUS weather", "/control/atlus/scenario", Object.keys(atlusScenarios), atlus.scenarioName)}
<button data-act="/control/atlus/restart">Restart</button>
<button data-act="/control/atlus/reset">Reset</button>
</div>
<p class="soft" data-live="atlus-scenario">${atlusScenarios[atlus.scenarioName]?.description ?? ""}</p>
<div id="atlus-pending" data-list class="stack">${pendingChats.map(pendingForm)}</div>
<div class="stack" data-live="atlus-sessions">${conversations(atlus)}</div>
</section>`;
}

function pendingForm({ requestId, message }: ChatView): Markup {
  return html`<div id="chat-${requestId}" class="stack"><div class="bubble">${message}</div>
<form data-act="/control/atlus/chats/${encodeURIComponent(requestId)}/answer">
<input name="text" placeholder="Answer as the model" aria-label="Answer as the model" required autocomplete="off">
<button class="main">Answer</button>
</form></div>`;
}

function conversations({ sessions, chats }: AtlusEmulator): Markup {
  const loose = chats.filter(({ memoryKey }) => !sessions.some(({ sessionId }) => sessionId === memoryKey)).slice(-3);
  if (sessions.length === 0 && loose.length === 0) return html`<p class="soft">No conversation yet</p>`;
  return html`${sessions
    .slice(-4)
    .toReversed()
    .map((session) => conversation(session, chats))}
${loose.length === 0 ? "" : html`<div><h3>Without a session</h3><div class="chat">${loose.map(bubbles)}</div></div>`}`;
}

function conversation({ sessionId, userId, turns, isActive }: AtlusSessionView, chats: readonly ChatView[]): Markup {
  const own = chats.filter(({ memoryKey }) => memoryKey === sessionId).slice(-12);
  const memory = turns === null ? "memory lost in a restart" : `${turns.length} turns remembered`;
  return html`<div><h3>${userId}</h3>
<p class="soft"><code>${sessionId}</code>, ${isActive ? memory : `inactive, ${memory}`}</p>
<div class="chat">${own.length === 0 ? html`<p class="soft">Nothing said yet</p>` : own.map(bubbles)}</div></div>`;
}

function bubbles({ message, answer }: ChatView): Markup {
  return html`<div class="bubble">${message}</div>
<div class="bubble mine">${answer ?? html`<span class="soft">thinking</span>`}</div>`;
}
