import { html } from "hono/html";
import type { ModelsEmulator } from "../models/models.js";
import { modelScenarios } from "../models/scenarios.js";
import type { ModelCallView } from "../models/views.js";
import type { Markup } from "./layout.js";
import { scenarioPicker } from "./scenario-picker.js";

/** The model endpoints: where they are, and the model that a person may play. */
export function modelsCard(models: ModelsEmulator): Markup {
  const { pendingCalls, scenarioName } = models;
  return html`<section class="card stack" id="models">
<div class="top">
<h2>Models</h2>
<span class="grow"></span>
${scenarioPicker("Model weather", "/control/models/scenario", Object.keys(modelScenarios), scenarioName)}
<button data-act="/control/models/reset">Reset</button>
</div>
<p class="soft" data-live="models-scenario">${modelScenarios[scenarioName]?.description ?? ""}</p>
<div data-live="models-endpoints">${endpoints(models)}</div>
<div id="models-pending" data-list class="stack">${pendingCalls.map(pendingForm)}</div>
<div data-live="models-calls">${conversation(models)}</div>
</section>`;
}

function endpoints({ ollama, openai, anthropic }: ModelsEmulator): Markup {
  const rows = [
    { name: "Ollama", key: "no key", ...ollama },
    { name: "OpenAI", key: openai.apiKey, ...openai },
    { name: "Anthropic", key: anthropic.apiKey, ...anthropic },
  ].map(({ name, baseUrl, models, key }) => {
    return html`<tr><td>${name}</td><td class="mono">${baseUrl}</td><td class="mono">${models.join(", ")}</td>
<td class="mono">${key}</td></tr>`;
  });
  return html`<table>${rows}</table>`;
}

function pendingForm({ id, messages }: ModelCallView): Markup {
  return html`<div id="call-${id}" class="stack"><div class="bubble">${messages.at(-1)?.text ?? ""}</div>
<form data-act="/control/models/calls/${id}/answer">
<input name="text" placeholder="Answer as the model" aria-label="Answer as the model" required autocomplete="off">
<button class="main">Answer</button>
</form></div>`;
}

function conversation({ calls }: ModelsEmulator): Markup {
  if (calls.length === 0) return html`<p class="soft">No prompt yet</p>`;
  return html`<div class="chat">${calls.slice(-8).map(bubbles)}</div>`;
}

function bubbles({ api, model, messages, text, outcome }: ModelCallView): Markup {
  const told = `${api}, ${model}, ${messages.length} messages, ${outcome.replace("_", " ")}`;
  return html`<div class="bubble">${messages.at(-1)?.text ?? ""}</div>
<div class="bubble mine">${text}<small>${told}</small></div>`;
}
