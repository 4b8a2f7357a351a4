// Prints what wasenderapi@0.4.0 and @colloquy/wasender put on the wire for each documented route, side by side, and why they
// differ. Both run against one emulator on loopback. --json prints everything as one object. Fails on a difference without a reason.

import { rules } from "./wasender-wire/explain.js";
import { renderCall, renderReasons } from "./wasender-wire/render.js";
import { compareClients } from "./wasender-wire/run.js";

const compared = await compareClients();
const unexplained = compared.filter(({ differences }) => differences.some(({ rule }) => rule === undefined));
const routes = new Set(compared.map(({ route }) => route));
const alone = new Set(compared.filter(({ theirs }) => theirs !== undefined).map(({ route }) => route));

if (process.argv.includes("--json")) {
  const reasons = Object.fromEntries(rules.map(({ id, why }) => [id, why]));
  console.log(JSON.stringify({ ok: unexplained.length === 0, calls: compared, reasons }, undefined, 2));
} else {
  console.log("Parts of each request: wasenderapi@0.4.0 on the left, @colloquy/wasender on the right.\n");
  for (const call of compared) console.log(`${renderCall(call)}\n`);
  console.log(renderReasons(compared));
  console.log(
    `\n${routes.size} routes in ${compared.length} calls; wasenderapi has methods for ${alone.size} of them.`,
  );
  if (unexplained.length > 0) console.log(`${unexplained.length} calls differ without a reason.`);
}
process.exitCode = unexplained.length > 0 ? 1 : 0;
