// Fails when a file of the repository names one machine or a registry, or holds unfinished work.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryFiles } from "./lib/files.js";
import { root } from "./lib/packages.js";
import { offences } from "./lib/text-rules.js";

const files = repositoryFiles();
let found = 0;
for (const file of files) {
  const text = readFileSync(join(root, file), "utf8");
  if (text.includes("\0")) continue;
  for (const { line, rule } of offences(text)) {
    console.error(`${file}:${line}: ${rule}`);
    found += 1;
  }
}
console.log(`${files.length} files, ${found} offences`);
process.exitCode = found > 0 ? 1 : 0;
