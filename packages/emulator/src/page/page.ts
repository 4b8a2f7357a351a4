import { html } from "hono/html";
import type { AtlusEmulator } from "../atlus/atlus.js";
import type { ModelsEmulator } from "../models/models.js";
import type { OrgEmulator } from "../org/org.js";
import type { SsmEmulator } from "../ssm/ssm.js";
import { wasenderScenarios } from "../wasender/scenarios.js";
import type { SessionView } from "../wasender/views.js";
import type { WasenderEmulator } from "../wasender/wasender.js";
import { atlusCard } from "./atlus-card.js";
import { layout, type Markup } from "./layout.js";
import { modelsCard } from "./models-card.js";
import { orgCard } from "./org-card.js";
import { pairingPanel, scanForm, statusPill } from "./pairing-panel.js";
import { sessionCard } from "./session-card.js";
import { ssmCard } from "./ssm-card.js";

/** The page of the whole emulator. */
export function homePage(
  wasender: WasenderEmulator,
  nowMs: number,
  ssm: SsmEmulator | undefined,
  others: { readonly atlus: AtlusEmulator; readonly org: OrgEmulator; readonly models: ModelsEmulator },
): Markup {
  const { baseUrl, personalAccessToken, sessions } = wasender;
  const body = html`<header>
<div class="grow">
<h1>Colloquy emulator</h1>
<p class="soft">Wasender at <code>${baseUrl}</code>, token <code>${personalAccessToken}</code></p>
</div>
<label>Scenario <select data-act="/control/wasender/scenario">${scenarioOptions(wasender)}</select></label>
<button data-act="/control/wasender/reset">Reset</button>
</header>
<main>
<p class="soft" style="margin-bottom: 20px" data-live="scenario">${description(wasender)}</p>
<div id="sessions" data-list>
${sessions.length === 0 ? emptyCard(wasender) : sessions.map((session) => sessionCard(wasender, session, nowMs))}
</div>
${ssm === undefined ? "" : ssmCard(ssm)}
${atlusCard(others.atlus)}
${orgCard(others.org)}
${modelsCard(others.models)}
<section class="card" data-live="requests"><h3>Requests</h3>${requestRows(wasender)}</section>
<section class="card" data-live="webhooks"><h3>Webhooks</h3>${webhookRows(wasender)}</section>
<section class="card"><details><summary>Dials</summary>
<form data-act="/control/wasender/dials" data-method="PUT" data-json="dials" style="margin: 14px 0">
<textarea name="dials" aria-label="Dials to turn, as JSON" spellcheck="false">{ "latencyMs": 0 }</textarea>
<button>Turn these dials</button>
</form>
<pre class="mono" data-live="dials">${JSON.stringify(wasender.dials, null, 2)}</pre>
</details></section>
</main>`;
  return layout("Colloquy emulator", body);
}

/** The page of one session: nothing but the code and the button to scan it. */
export function pairingPage(wasender: WasenderEmulator, session: SessionView, nowMs: number): Markup {
  const body = html`<div class="alone"><section class="card stack">
<div class="top"><h2>${session.name}</h2><span data-live="status">${statusPill(session)}</span></div>
<div data-live="qr">${pairingPanel(session, nowMs, wasender.dials.qrLifetimeMs)}</div>
<div data-live="scan">${scanForm(session)}</div>
</section></div>`;
  return layout(`Pair ${session.name}`, body);
}

function scenarioOptions(wasender: WasenderEmulator): Markup {
  const options = Object.keys(wasenderScenarios).map((name) => {
    return html`<option ${name === wasender.scenarioName ? "selected" : ""}>${name}</option>`;
  });
  return html`${options}`;
}

const description = (wasender: WasenderEmulator): string => wasenderScenarios[wasender.scenarioName]?.description ?? "";

function emptyCard({ baseUrl, personalAccessToken }: WasenderEmulator): Markup {
  return html`<section class="card stack" id="empty"><h2>No sessions yet</h2>
<p>Point a Wasender client at the address above, or create a session by hand:</p>
<p><code>curl -H "Authorization: Bearer ${personalAccessToken}" -H "Content-Type: application/json"
-d '{"name":"Shop","phone_number":"+15550100","account_protection":true,"log_messages":true}'
${baseUrl}/whatsapp-sessions</code></p></section>`;
}

function requestRows(wasender: WasenderEmulator): Markup {
  const rows = wasender.requests.slice(-12).toReversed();
  if (rows.length === 0) return html`<p class="soft">None yet</p>`;
  const cells = rows.map(({ method, path, status, fault }) => {
    const outcome = `${status ?? "no answer"}${fault === undefined ? "" : ` (${fault})`}`;
    const isBad = status === null || status >= 400;
    return html`<tr><td class="mono">${method}</td><td class="mono">${path}</td>
<td class="mono ${isBad ? "bad" : ""}">${outcome}</td></tr>`;
  });
  return html`<table>${cells}</table>`;
}

function webhookRows(wasender: WasenderEmulator): Markup {
  const rows = wasender.deliveries.slice(-12).toReversed();
  if (rows.length === 0) return html`<p class="soft">None yet</p>`;
  const cells = rows.map(({ event, url, status, forged }) => {
    const outcome = `${status ?? "no answer"}${forged ? " (forged)" : ""}`;
    return html`<tr><td class="mono">${event}</td><td class="mono">${url}</td><td class="mono">${outcome}</td></tr>`;
  });
  return html`<table>${cells}</table>`;
}
