import { html } from "hono/html";
import type { Markup } from "./layout.js";

/** A list of scenarios that starts the one that is chosen. */
export function scenarioPicker(label: string, act: string, names: readonly string[], chosen: string): Markup {
  const options = names.map((name) => html`<option ${name === chosen ? "selected" : ""}>${name}</option>`);
  return html`<select data-act="${act}" aria-label="${label}">${options}</select>`;
}
