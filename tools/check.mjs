// Everything that must hold before a change goes in, one line a step; a failed step does not hide the next ones.
// `--ci` also installs, from a bare clone. Needs nothing but Node, because it runs before anything is installed.

import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const pnpm = "npx -y pnpm@12.21.0";
const vitestReport = join(root, "node_modules/.cache/vitest.json");
const minutes = (count) => count * 60_000;

const setup = [
  { name: "install", command: `${pnpm} install --frozen-lockfile` },
  { name: "debian packages", command: "bash .ci/debian-packages" },
];
const steps = [
  { name: "test", command: `${pnpm} test`, env: { VITEST_JSON: vitestReport }, mostMs: minutes(20) },
  { name: "lint", command: `${pnpm} lint` },
  { name: "types", command: `${pnpm} typecheck` },
  { name: "layers", command: `${pnpm} layers` },
  { name: "knip", command: `${pnpm} knip` },
  { name: "build", command: `${pnpm} build` },
  { name: "built command", command: "node packages/cli/dist/bin.js demo" },
  { name: "packages", command: `${pnpm} pkg:lint` },
  { name: "generated docs", command: `${pnpm} docs:check` },
  { name: "snippets", command: `${pnpm} snippets` },
  { name: "size", command: `${pnpm} size` },
  { name: "clean text", command: `${pnpm} clean-text` },
  { name: "demo", command: `${pnpm} demo` },
];

/** Runs a command without input. A step that hangs is stopped with all its children. */
function run({ command, env = {}, mostMs = minutes(10) }) {
  return new Promise((resolve) => {
    const child = spawn("bash", ["-c", command], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    const timer = setTimeout(() => {
      chunks.push(Buffer.from(`\nstopped after ${mostMs / 60_000} minutes\n`));
      process.kill(-child.pid, "SIGKILL");
    }, mostMs);
    child.on("close", (status) => {
      clearTimeout(timer);
      resolve({ ok: status === 0, output: stripVTControlCharacters(Buffer.concat(chunks).toString()) });
    });
  });
}

/** What a step counts for: its tests when it is the tests, else one. A failure always counts at least once. */
function count(step, { ok }) {
  const { passed, failed } = (step.name === "test" && vitestNumbers()) || { passed: ok ? 1 : 0, failed: 0 };
  return { passed, failed: ok ? failed : Math.max(failed, 1) };
}

function vitestNumbers() {
  try {
    const report = JSON.parse(readFileSync(vitestReport, "utf8"));
    return { passed: report.numPassedTests, failed: report.numFailedTests };
  } catch {
    return undefined;
  }
}

rmSync(vitestReport, { force: true });
const total = { passed: 0, failed: 0 };
for (const step of process.argv.includes("--ci") ? [...setup, ...steps] : steps) {
  const startedAt = performance.now();
  const result = await run(step);
  const { passed, failed } = count(step, result);
  total.passed += passed;
  total.failed += failed;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${failed === 0 ? "ok  " : "FAIL"}  ${step.name.padEnd(16)} ${seconds.padStart(6)} s  ${passed} passed`);
  if (failed > 0) console.log(result.output.replaceAll(/^/gm, "      | "));
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
