// Packs what would be published, installs it in an empty folder, and runs it there: every supported runtime, as an ES
// module and as CommonJS, and the declarations under each supported compiler. Needs Linux on x64.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const consumer = mkdtempSync(join(tmpdir(), "runtimes-"));
const shell = (command, cwd) => execFileSync("bash", ["-c", command], { cwd, stdio: ["ignore", "ignore", "inherit"] });

const binaries = join(here, "node_modules");
const node = (version) => [join(binaries, `node${version}/bin/node`)];
const runtimes = {
  "Node 20": node(20),
  "Node 22": node(22),
  "Node 24": node(24),
  "Node 26": node(26),
  Bun: [join(binaries, "@oven/bun-linux-x64/bin/bun")],
  Deno: [join(binaries, "@deno/linux-x64-glibc/deno"), "run", "-A", "--no-remote", "--node-modules-dir=manual"],
};
const compilers = {
  "TypeScript 6": [process.execPath, join(root, "node_modules/typescript/bin/tsc")],
  "TypeScript 7": [process.execPath, join(root, "node_modules/@typescript/native/bin/tsc")],
};

const failed = [];
let passed = 0;
function check(label, [command, ...options], args) {
  const startedAt = performance.now();
  const run = spawnSync(command, [...options, ...args], {
    cwd: consumer,
    encoding: "utf8",
    timeout: 60_000,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, DENO_NO_UPDATE_CHECK: "1", NODE_OPTIONS: "" },
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${run.status === 0 ? "ok  " : "FAIL"} ${label.padEnd(22)} ${seconds} s`);
  if (run.status === 0) {
    passed += 1;
  } else {
    failed.push(label);
    console.log(`${run.error ?? ""}${run.stdout}${run.stderr}`.trim().replaceAll(/^/gm, "     "));
  }
}

try {
  shell("pnpm install --frozen-lockfile", here);
  shell("pnpm run build", root);
  shell(
    `pnpm --recursive --filter '@colloquy/*' --filter '!@colloquy/examples' pack --pack-destination '${consumer}'`,
    root,
  );
  cpSync(join(here, "fixtures"), consumer, { recursive: true });
  writeFileSync(join(consumer, "package.json"), JSON.stringify({ private: true }));
  const tarballs = readdirSync(consumer).filter((file) => file.endsWith(".tgz"));
  const types = execFileSync(process.execPath, ["-p", "require('@types/node/package.json').version"], { cwd: root });
  shell(
    `npm install --ignore-scripts --no-audit --no-fund ${tarballs.map((file) => `./${file}`).join(" ")} @types/node@${types.toString().trim()}`,
    consumer,
  );

  for (const [name, command] of Object.entries(runtimes)) {
    check(`${name}, ES module`, command, ["esm.mjs"]);
    check(`${name}, CommonJS`, command, ["cjs.cjs"]);
  }
  check("command", node(20), ["node_modules/@colloquy/cli/dist/bin.js", "--version"]);
  const strict = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2023", "--types", "node"];
  for (const [name, command] of Object.entries(compilers)) check(name, command, [...strict, "types.mts", "types.cts"]);
} finally {
  rmSync(consumer, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;
