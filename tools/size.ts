// What a package costs whoever bundles it: minified, brotli, for each import path; without and with its dependencies.
// Limits are in size-limits.json; `--write` sets them to today's sizes and a tenth.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { doors, packages, root } from "./lib/packages.js";

interface Size {
  readonly ownBytes: number;
  readonly allBytes: number;
}

/** These import nothing at all, so that describing a provider pulls in no client, no limiter, no Node module. */
const alone = new Set(["@colloquy/core/contract"]);

const limitsFile = join(root, "tools/size-limits.json");
const limits = JSON.parse(readFileSync(limitsFile, "utf8")) as Record<string, Size>;
const write = process.argv.includes("--write");
const problems: string[] = [];
const measured: Record<string, Size> = {};

async function bundle(source: string, dependencies: "bundle" | "external") {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [source],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    conditions: ["@colloquy/source"],
    packages: dependencies,
    // Native code and optional peers are the user's to bring.
    external: dependencies === "bundle" ? ["libsql", "@opentelemetry/api"] : [],
    logLevel: "silent",
  });
  const bytes = brotliCompressSync(outputFiles[0]?.contents ?? new Uint8Array()).length;
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
  return { bytes, imports };
}

const allDoors = packages().flatMap((package_) => doors(package_));
for (const { name, source } of allDoors) {
  if (!existsSync(join(root, source))) {
    problems.push(`${name}: ${source} is missing`);
    continue;
  }
  const built = await Promise.all([bundle(source, "external"), bundle(source, "bundle")]).catch((error: unknown) => {
    problems.push(`${name}: ${String(error)}`);
  });
  if (built === undefined) continue;
  const [own, all] = built;
  measured[name] = { ownBytes: own.bytes, allBytes: all.bytes };

  const limit = limits[name];
  const row = (label: string, bytes: number, most: number | undefined) => {
    const over = most === undefined || bytes > most;
    if (over && !write) problems.push(`${name}: ${label} ${bytes} B, limit ${most ?? "not set"}`);
    return `${String(bytes).padStart(8)} of ${String(most ?? "-").padEnd(8)}`;
  };
  console.log(
    `${name.padEnd(28)} own ${row("own", own.bytes, limit?.ownBytes)} with dependencies ${row("with dependencies", all.bytes, limit?.allBytes)}`,
  );
  if (alone.has(name) && own.imports.length > 0) problems.push(`${name}: imports ${own.imports.join(", ")}`);
}
for (const name of Object.keys(limits)) {
  if (!write && !allDoors.some((door) => door.name === name))
    problems.push(`${name}: has a limit but is no import path`);
}

if (write) {
  const roomy = (bytes: number) => Math.ceil((bytes * 1.1) / 100) * 100;
  const rows = Object.entries(measured).map(
    ([name, { ownBytes, allBytes }]) =>
      `  "${name}": { "ownBytes": ${roomy(ownBytes)}, "allBytes": ${roomy(allBytes)} }`,
  );
  writeFileSync(limitsFile, `{\n${rows.join(",\n")}\n}\n`);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
