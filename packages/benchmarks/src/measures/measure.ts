import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Figures } from "../scenarios/scenario.js";

/** Runs a measured program in a fresh process and reads the figures that it prints last. */
export async function measure(file: string, args: readonly string[], flags: readonly string[] = []): Promise<Figures> {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, file, ...args], {
    env: { ...process.env, NODE_OPTIONS: "", NODE_ENV: "production" },
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Figures;
}

/** How a measured program tells its figures. */
export function printFigures(figures: Figures): void {
  process.stdout.write(`\n${JSON.stringify(figures)}\n`);
}
