import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { forkSource } from "../fork-source.js";
import type { ServerPlan, ServerReport } from "./plan.js";

interface Said {
  readonly port?: number;
  readonly about?: string;
  readonly report?: ServerReport;
}

/** The server's process, from the outside. */
export interface BenchServer {
  /** Where messages of a run go. */
  urlOf(run: string): string;
  /** Answers at once and keeps no books. */
  readonly quickUrl: string;
  plan(run: string, plan: ServerPlan): Promise<void>;
  /** What happened in a run; ends it. */
  report(run: string): Promise<ServerReport>;
  close(): Promise<void>;
}

export async function startBenchServer(): Promise<BenchServer> {
  const child = forkSource(new URL("main.ts", import.meta.url));
  const [{ port }] = (await once(child, "message")) as [Said];
  const base = `http://127.0.0.1:${port}`;
  return {
    urlOf: (run) => `${base}/run/${run}`,
    quickUrl: `${base}/quick`,
    plan: async (run, plan) => void (await ask(child, run, { order: "plan", run, plan })),
    report: async (run) => (await ask(child, run, { order: "report", run })).report as ServerReport,
    close: async () => {
      if (child.exitCode !== null) return;
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

function ask(child: ChildProcess, about: string, order: object): Promise<Said> {
  return new Promise((resolve) => {
    const hear = (said: Said): void => {
      if (said.about !== about) return;
      child.off("message", hear);
      resolve(said);
    };
    child.on("message", hear);
    child.send(order);
  });
}
