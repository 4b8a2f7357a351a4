import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { forkSource } from "../fork-source.js";
import type { ClientJob, ClientResult } from "./worker.js";

/** Client processes that wait for work. A run of several processes takes several of them. */
export class Workers {
  readonly #idle: ChildProcess[] = [];
  readonly #all: ChildProcess[] = [];

  /** One job each, begun together, each in a process of its own. */
  async run(jobs: readonly ClientJob[]): Promise<readonly ClientResult[]> {
    const workers = await Promise.all(jobs.map(async () => this.#idle.pop() ?? this.#start()));
    const results = await Promise.all(workers.map((worker, place) => ask(worker, jobs[place] as ClientJob)));
    this.#idle.push(...workers);
    return results;
  }

  close(): void {
    for (const worker of this.#all) worker.disconnect();
  }

  async #start(): Promise<ChildProcess> {
    // What clients print is theirs; standard output belongs to the bench.
    const errors = process.env["BENCH_ERRORS"] ? "inherit" : "ignore";
    const worker = forkSource(new URL("worker.ts", import.meta.url), {
      stdio: ["ignore", "ignore", errors, "ipc"],
    });
    this.#all.push(worker);
    await once(worker, "message");
    return worker;
  }
}

function ask(worker: ChildProcess, job: ClientJob): Promise<ClientResult> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error(`The process of ${job.subject} ended in the middle of its work.`));
    worker.once("exit", onExit);
    worker.once("message", (result: ClientResult) => {
      worker.off("exit", onExit);
      resolve(result);
    });
    worker.send(job);
  });
}
