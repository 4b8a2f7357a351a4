// Packs every public package as it would be published, and examines the tarball: publint (strict), the type
// resolution of node16 ESM and CommonJS, and what must or must not be inside. One process, so TypeScript loads once.

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { doors, type Package, packages, root } from "./lib/packages.js";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "pkg-lint-"));

async function problemsOf(package_: Package): Promise<string[]> {
  const cwd = join(root, package_.folder);
  const tarball = join(folder, `${package_.manifest.name.replace("/", "-")}.tgz`);
  await run("pnpm", ["pack", "--out", tarball], { cwd });
  const bytes = readFileSync(tarball);
  const packed = createPackageFromTarballData(bytes);
  const manifestText = packed.readFile(`/node_modules/${packed.packageName}/package.json`);
  const found: string[] = [];

  const { messages, pkg } = await publint({
    strict: true,
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
  });
  found.push(...messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`));

  // A command has no import path, so there are no types to resolve.
  if (doors(package_).length > 0) {
    const result = await checkPackage(packed);
    const problems = result.types === false ? ["no types"] : result.problems;
    for (const problem of problems) {
      // node10 does not know `exports`; the lowest Node here does.
      if (typeof problem === "object" && "resolutionKind" in problem && problem.resolutionKind === "node10") continue;
      found.push(`types: ${JSON.stringify(problem)}`);
    }
  }

  for (const word of ["@colloquy/source", "workspace:", "catalog:"]) {
    if (manifestText.includes(`"${word}`)) found.push(`the published package.json still says ${word}`);
  }
  const files = packed.listFiles().map((file) => file.replace(`/node_modules/${packed.packageName}/`, ""));
  for (const needed of ["LICENSE", "README.md"]) if (!files.includes(needed)) found.push(`${needed} is not packed`);
  const strays = files.filter((file) => !/^(dist\/|LICENSE$|README\.md$|CHANGELOG\.md$|package\.json$)/.test(file));
  if (strays.length > 0) found.push(`packed for no reason: ${strays.join(", ")}`);
  return found;
}

let failures = 0;
try {
  for (const package_ of packages().filter(({ manifest }) => manifest.private !== true)) {
    const problems = await problemsOf(package_).catch((error: unknown) => [String(error)]);
    console.log(`${problems.length === 0 ? "ok  " : "FAIL"} ${package_.manifest.name}`);
    for (const problem of problems) console.log(`     ${problem}`);
    if (problems.length > 0) failures += 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures > 0 ? 1 : 0;
