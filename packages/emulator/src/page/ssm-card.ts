import { html } from "hono/html";
import { ssmScenarios } from "../ssm/scenarios.js";
import type { SsmEmulator } from "../ssm/ssm.js";
import type { SsmSessionView } from "../ssm/views.js";
import type { Markup } from "./layout.js";

/** The gateway on the page: its sessions, what passes, and the weather to make. */
export function ssmCard(ssm: SsmEmulator): Markup {
  const options = Object.keys(ssmScenarios).map(
    (name) => html`<option ${name === ssm.scenarioName ? "selected" : ""}>${name}</option>`,
  );
  return html`<section class="card stack" id="ssm">
<div class="top">
<h2>SSM gateway</h2>
<span class="mono soft">${ssm.endpointUrl}</span>
<span class="grow"></span>
<label>Scenario <select data-act="/control/ssm/scenario">${options}</select></label>
<button data-act="/control/ssm/reset">Reset</button>
</div>
<p class="soft" data-live="ssm-scenario">${ssmScenarios[ssm.scenarioName]?.description ?? ""}</p>
<div class="stack" data-live="ssm-sessions">${sessionRows(ssm)}</div>
<details><summary>Dials</summary>
<form data-act="/control/ssm/dials" data-method="PUT" data-json="dials" style="margin: 14px 0">
<textarea name="dials" aria-label="SSM dials to turn, as JSON" spellcheck="false">{ "dropRate": 0 }</textarea>
<button>Turn these dials</button>
</form>
<pre class="mono" data-live="ssm-dials">${JSON.stringify(ssm.dials, null, 2)}</pre>
</details>
</section>`;
}

function sessionRows({ sessions, endpointUrl }: SsmEmulator): Markup {
  if (sessions.length === 0) {
    return html`<p>No sessions yet. Start one:</p>
<p><code>aws ssm start-session --target i-0c0110c0110c0110c --endpoint-url ${endpointUrl}</code></p>`;
  }
  return html`${sessions.slice(-10).toReversed().map(sessionRow)}`;
}

function sessionRow(session: SsmSessionView): Markup {
  const { sessionId, counters } = session;
  const act = `/control/ssm/sessions/${sessionId}`;
  const off = session.state === "connected" ? "" : "disabled";
  const pause = session.isPaused
    ? html`<button data-act="${act}/start" ${off}>Go on</button>`
    : html`<button data-act="${act}/pause" ${off}>Pause</button>`;
  return html`<div class="stack" id="ssm-${sessionId}">
<div class="top" style="margin-bottom: 0">
<b class="mono">${sessionId}</b><span class="soft">${session.document}</span>
<span class="pill ${session.state}">${session.state}</span><span class="grow"></span>
<button data-act="${act}/bye" ${off}>Bye</button><button data-act="${act}/cut" ${off}>Cut</button>
<button data-act="${act}/deafen" ${off}>Deafen</button>${pause}
<button data-act="${act}/terminate" ${session.state === "terminated" ? "disabled" : ""}>Terminate</button>
</div>
<table><tr><td>Out</td><td class="mono">${counters.framesOut} frames, ${counters.bytesOut} bytes,
${counters.copiesOut} sent again, ${session.unacknowledgedCount} under way</td></tr>
<tr><td>In</td><td class="mono">${counters.framesIn} frames, ${counters.bytesIn} bytes,
${counters.duplicatesIn} twice, ${counters.earlyFramesIn} early, ${counters.badFramesIn} bad</td></tr>
<tr><td>Weather</td><td class="mono">${counters.lost} lost, ${counters.doubled} doubled,
${counters.overtaken} overtaken, ${counters.garbage} garbage, ${counters.connections} connections</td></tr></table>
</div>`;
}
