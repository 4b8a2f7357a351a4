import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { script } from "./script.js";
import { style } from "./style.js";

/** A piece of markup; interpolated text is escaped. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/** What the page may load: itself, and nothing from anywhere else. */
export const contentPolicy: string =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export function layout(title: string, body: Markup): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${raw(style)}</style>
</head>
<body>
${body}
<div id="note" role="alert"></div>
<script>${raw(script)}</script>
</body>
</html>`;
}
