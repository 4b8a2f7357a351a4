import type { Command } from "commander";
import type { Run } from "../program.js";

export interface WorkerFlags {
  readonly name?: string;
  readonly lease: string;
  readonly max?: string;
  readonly provider?: readonly string[];
  readonly healthPort?: string;
  readonly healthHost: string;
  readonly grace: string;
}

export function addWorker(program: Command, run: Run): void {
  program
    .command("worker")
    .description("run this machine's part of the store's sessions until Ctrl-C, which hands them to the other workers")
    .option("--name <name>", "unique among the workers (default: host name and process id)")
    .option("--lease <duration>", "how long a session stands still when this worker dies", "15s")
    .option("--max <count>", "run at most so many sessions")
    .option("--provider <id...>", "only sessions of these providers")
    .option("--health-port <port>", "answer /healthz, /readyz and /metrics there; 0 takes a free one")
    .option("--health-host <address>", "address to listen on", "127.0.0.1")
    .option("--grace <duration>", "how long sends on the wire may take when it stops", "5s")
    .action(async (flags: WorkerFlags, self: Command) => {
      await run(self, async (context) => (await import("../fleet/worker.js")).workerCommand(context, flags));
    });
}
