// The parts of the docs that are written from the sources: `--write` renews them, `--check` fails when one is stale.
// To add one: put the two markers into the page, and an entry here. Sources are imported as they are, without a build.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { atlus } from "../packages/providers/atlus/src/index.js";
import { oblix } from "../packages/providers/oblix/src/index.js";
import { orgNats } from "../packages/providers/org-nats/src/index.js";
import { wasender } from "../packages/providers/wasender/src/index.js";
import { renderEndpoints } from "./docs/endpoints.js";
import { renderErrors } from "./docs/errors.js";
import * as lifecycle from "./docs/lifecycle.js";
import { renderProviders, renderProviderTests } from "./docs/providers.js";
import { replaceGenerated, table } from "./lib/markdown.js";
import { packages, root } from "./lib/packages.js";

interface GeneratedPart {
  readonly file: string;
  /** Between `<!-- generated:NAME -->` and `<!-- /generated:NAME -->`. */
  readonly name: string;
  readonly render: () => string | Promise<string>;
}

const parts: readonly GeneratedPart[] = [
  {
    file: "README.md",
    name: "packages",
    render: () =>
      table(
        ["Package", "What it is"],
        packages()
          .filter(({ manifest }) => manifest.private !== true)
          .map(({ folder, manifest }) => [`[\`${manifest.name}\`](${folder})`, manifest.description ?? ""]),
      ),
  },
  { file: "docs/errors.md", name: "errors", render: renderErrors },
  { file: "docs/lifecycle.md", name: "lifecycle-states", render: lifecycle.renderStates },
  { file: "docs/lifecycle.md", name: "lifecycle-diagram", render: lifecycle.renderDiagram },
  { file: "docs/lifecycle.md", name: "lifecycle-table", render: lifecycle.renderTable },
  { file: "docs/lifecycle.md", name: "lifecycle-timers", render: lifecycle.renderTimers },
  { file: "docs/lifecycle.md", name: "lifecycle-causes", render: lifecycle.renderCauses },
  { file: "docs/lifecycle.md", name: "lifecycle-reasons", render: lifecycle.renderReasons },
  { file: "docs/providers.md", name: "conformance", render: renderProviders },
  { file: "docs/providers.md", name: "conformance-tests", render: renderProviderTests },
  {
    file: "packages/providers/wasender/README.md",
    name: "endpoints",
    render: () => renderEndpoints(wasender().operations),
  },
  {
    file: "packages/providers/atlus/README.md",
    name: "endpoints",
    render: () => renderEndpoints(atlus().operations),
  },
  {
    file: "packages/providers/org-nats/README.md",
    name: "endpoints",
    render: () => renderEndpoints(orgNats().operations),
  },
  {
    file: "packages/providers/oblix/README.md",
    name: "endpoints",
    render: () => renderEndpoints(oblix({ models: [] }).operations),
  },
];

const write = process.argv.includes("--write");
let stale = 0;
for (const { file, name, render } of parts) {
  const before = readFileSync(join(root, file), "utf8");
  const after = replaceGenerated(before, name, await render());
  if (after === before) continue;
  if (write) {
    writeFileSync(join(root, file), after);
    console.log(`${file}: wrote ${name}`);
  } else {
    console.error(`${file}: ${name} is stale; run: npx -y pnpm@12.21.0 docs:write`);
    stale += 1;
  }
}
console.log(`${parts.length} generated parts, ${stale} stale`);
process.exitCode = stale > 0 ? 1 : 0;
