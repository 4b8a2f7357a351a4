import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { StoreFigures } from "./subject.js";
import { sizesOf } from "./workload.js";

export interface JobOptions {
  /** The built program. */
  readonly program: string;
  readonly subject: string;
  readonly size: keyof typeof sizesOf;
}

const processCount = 4;
const env = { ...process.env, NODE_OPTIONS: "", NODE_ENV: "production" };

/** In a fresh process and a fresh folder. */
export async function runJob(job: string, options: JobOptions): Promise<StoreFigures> {
  const folder = mkdtempSync(join(tmpdir(), "colloquy-bench-"));
  try {
    return job === "processes" ? await runProcesses(options, folder) : await runProgram(job, options, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runProgram(job: string, { program, subject, size }: JobOptions, folder: string): Promise<StoreFigures> {
  const run = promisify(execFile)(process.execPath, [program, subject, job, size, folder], { env, maxBuffer: 2 ** 26 });
  const { stdout } = await run;
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as StoreFigures;
}

/** From the first start to the last end, all of them ready before. */
async function runProcesses({ program, subject, size }: JobOptions, folder: string): Promise<StoreFigures> {
  await runProgram("shared", { program, subject, size }, folder);
  const start = (number: number) => {
    const child = spawn(process.execPath, [program, subject, "worker", size, folder, `${number}`], {
      env,
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines: string[] = [];
    const reader = createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
    return { child, lines, ready: once(reader, "line"), ended: once(child, "close") };
  };
  const workers: ReturnType<typeof start>[] = [];
  // One after the other, so that each has the machine for its warming up, as in the other jobs.
  for (let number = 0; number < processCount; number++) {
    const worker = start(number);
    workers.push(worker);
    await worker.ready;
  }
  for (const { child } of workers) child.stdin.write("go\n");
  await Promise.all(workers.map(({ ended }) => ended));
  const told = workers.map(
    ({ lines }) => JSON.parse(lines.at(-1) ?? "{}") as Record<"failed" | "startedAt" | "endedAt", number>,
  );
  const asked = processCount * sizesOf[size].perProcess;
  const failed = told.reduce((sum, one) => sum + one.failed, 0);
  const tookMs = Math.max(...told.map(({ endedAt }) => endedAt)) - Math.min(...told.map(({ startedAt }) => startedAt));
  const { kept = 0 } = await runProgram("count", { program, subject, size }, folder);
  return { appendsPerSecond: ((asked - failed) * 1_000) / tookMs, failed, lost: asked - failed - kept };
}
