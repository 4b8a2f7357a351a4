// Kills with SIGKILL in the middle of something, again and again, and checks that nothing was lost or done twice.
// `pnpm kill-test` (sends, with the built command line), `pnpm kill-test asks` (questions to humans, 30 rounds for each kind of
// victim), `pnpm kill-test transcripts` (conversations in a store, 30 rounds). What follows is passed on.

import { spawnSync } from "node:child_process";

const [first = "sends", ...others] = process.argv.slice(2);
const named = ["sends", "asks", "transcripts"].includes(first);
const what = named ? first : "sends";
const passedOn = named ? others : process.argv.slice(2);

function run(command: readonly string[], environment: Readonly<Record<string, string>> = {}): void {
  const [program = "", ...args] = command;
  const { status } = spawnSync(program, args, { stdio: "inherit", env: { ...process.env, ...environment } });
  if (status !== 0) process.exit(status ?? 1);
}

const script = [process.execPath, "--conditions=@colloquy/source", "--import", "tsx"];

if (what === "asks") run([...script, "tools/kill-during-asks.ts", ...passedOn]);
else if (what === "transcripts") {
  const rounds = { COLLOQUY_KILL_ROUNDS: process.env["COLLOQUY_KILL_ROUNDS"] ?? "30" };
  run(["npx", "vitest", "run", "packages/stores/sqlite/test/transcripts-kill.process.test.ts", ...passedOn], rounds);
} else {
  const quiet = { TURBO_TELEMETRY_DISABLED: "1" };
  run(["npx", "turbo", "run", "build", "--filter=@colloquy/cli...", "--output-logs=errors-only"], quiet);
  run([...script, "tools/kill-during-sends.ts", "--built", ...passedOn]);
}
