import { html } from "hono/html";
import type { OrgEmulator, QuestionView } from "../org/org.js";
import { orgScenarios } from "../org/scenarios.js";
import type { Markup } from "./layout.js";
import { scenarioPicker } from "./scenario-picker.js";

/** The organisation's sessions: a person plays the human who is asked. */
export function orgCard(org: OrgEmulator): Markup {
  const open = org.questions.filter(({ answers }) => answers.length === 0);
  return html`<section class="card stack" id="org">
<div class="top">
<h2>Organisation sessions</h2>
<span class="soft">at <code>${org.sessionsUrl}</code></span>
<span class="grow"></span>
${scenarioPicker("Organisation weather", "/control/org/scenario", Object.keys(orgScenarios), org.scenarioName)}
<button data-act="/control/org/sweep">Expire now</button>
<button data-act="/control/org/reset">Reset</button>
</div>
<p class="soft" data-live="org-scenario">${orgScenarios[org.scenarioName]?.description ?? ""}
The server is the one <code>${org.dials.dialect}</code>.</p>
<div id="org-questions" data-list class="stack">
${open.length === 0 ? html`<p class="soft" id="no-question">No question waits for an answer.</p>` : open.map(questionForm)}
</div>
<div data-live="org-sessions">${sessionRows(org)}</div>
<div data-live="org-published">${publishedRows(org)}</div>
</section>`;
}

function questionForm(question: QuestionView): Markup {
  const { id, message, sessionId, channelId } = question;
  return html`<div id="${id}" class="stack">
<p><strong>${message}</strong></p>
<p class="soft">session <code>${sessionId}</code>, channel <code>${channelId}</code></p>
<form data-act="/control/org/questions/${id}/answer" data-json="answer">
<textarea name="answer" aria-label="Answer, as JSON" spellcheck="false">${skeleton(question)}</textarea>
<button class="main">Answer</button>
</form>
</div>`;
}

const placeholders: Readonly<Record<string, unknown>> = {
  string: "",
  number: 0,
  boolean: true,
  array: [],
  object: {},
};

/** What a valid answer could look like, from the fields that the session's template asks for. */
function skeleton({ template }: QuestionView): string {
  const schema = recordOf(recordOf(template)["policy_input_schema"]);
  const fields = Object.entries(schema).map(([name, rule]) => {
    const { enum: allowed, type } = recordOf(rule);
    return [name, Array.isArray(allowed) ? (allowed[0] as unknown) : (placeholders[String(type)] ?? "")];
  });
  return JSON.stringify(fields.length === 0 ? { decision: "approved" } : Object.fromEntries(fields), null, 2);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function sessionRows({ sessions }: OrgEmulator): Markup {
  const rows = sessions.slice(-8).toReversed();
  if (rows.length === 0) return html`<h3>Sessions</h3><p class="soft">None yet</p>`;
  const cells = rows.map((session) => {
    return html`<tr><td class="mono">${session["session_id"]}</td><td class="mono">${JSON.stringify(session["message_data"])}</td>
<td class="mono">${session["status"]}</td></tr>`;
  });
  return html`<h3>Sessions</h3><table>${cells}</table>`;
}

function publishedRows({ published }: OrgEmulator): Markup {
  const rows = published.slice(-8).toReversed();
  if (rows.length === 0) return html`<h3>Events</h3><p class="soft">None yet</p>`;
  const cells = rows.map(({ subject, payload, isDelivered }) => {
    return html`<tr><td class="mono">${subject}</td><td class="mono">${payload}</td>
<td class="mono">${isDelivered ? "published" : "not published"}</td></tr>`;
  });
  return html`<h3>Events</h3><table>${cells}</table>`;
}
