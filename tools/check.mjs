// Everything that must hold before a change goes in, one line a step; a failed step does not hide the next ones.
// `--ci` also installs, from a bare clone. Needs nothing but Node, because it runs before anything is installed.

import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const pnpm = "npx -y pnpm@12.21.0";
const testReport = join(root, "node_modules/.cache/test-report.json");
const minutes = (count) => count * 60_000;

const setup = [
  { name: "install", command: `${pnpm} install --frozen-lockfile` },
  { name: "debian packages", command: "bash .ci/debian-packages" },
];
const steps = [
  { name: "test", command: `${pnpm} test`, env: { TEST_REPORT: testReport }, mostMs: minutes(20) },
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
  { name: "chaos", command: `${pnpm} chaos --rounds 2`, mostMs: minutes(15) },
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

/** What the tests of a run told, or undefined when they did not come that far. */
function readTestReport() {
  try {
    return JSON.parse(readFileSync(testReport, "utf8"));
  } catch {
    return undefined;
  } finally {
    rmSync(testReport, { force: true });
  }
}

const indented = (text) => text.replaceAll(/^/gm, "      | ");

/**
 * The tests, whose few faulty files are run once more by themselves: real processes and clocks on a shared machine. Both
 * runs are told, and a fault that comes again fails the step.
 */
async function runTests(step) {
  const first = await run(step);
  const report = readTestReport();
  const told = { passed: report?.passed ?? 0, failed: Math.max(report?.failed ?? 0, first.ok ? 0 : 1) };
  if (first.ok) return { ...told, output: "" };
  // The whole output is long: what went wrong goes before it.
  const output = [...(report?.faults ?? []), first.output].join("\n");
  const files = report?.files ?? [];
  if (files.length === 0 || files.length > 3) return { ...told, output };
  console.log(`once more: ${files.join(", ")}\n${indented((report?.faults ?? []).join("\n"))}`);
  const second = await run({ ...step, command: `${step.command} ${files.join(" ")}` });
  const again = readTestReport();
  if (second.ok) return { passed: told.passed + (report?.failed ?? 0), failed: 0, output: "" };
  return { ...told, output: [...(again?.faults ?? []), second.output].join("\n") };
}

/** Any other step counts once. */
async function runOnce(step) {
  const { ok, output } = await run(step);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, output };
}

rmSync(testReport, { force: true });
const total = { passed: 0, failed: 0 };
for (const step of process.argv.includes("--ci") ? [...setup, ...steps] : steps) {
  const startedAt = performance.now();
  const { passed, failed, output } = await (step.name === "test" ? runTests(step) : runOnce(step));
  total.passed += passed;
  total.failed += failed;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${failed === 0 ? "ok  " : "FAIL"}  ${step.name.padEnd(16)} ${seconds.padStart(6)} s  ${passed} passed`);
  if (failed > 0) console.log(indented(output));
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
