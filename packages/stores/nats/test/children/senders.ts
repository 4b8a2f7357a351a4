import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { SendAllJob, SendAllResult } from "./send-all.js";
import { sourceProgram } from "./source-program.js";

/** A process of its own that carries out one job after the other. */
export class Sender {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(): Promise<Sender> {
    const { file, execArgv } = sourceProgram(new URL("send-all.ts", import.meta.url));
    const child = fork(file, { execArgv: [...execArgv] });
    await once(child, "message");
    return new Sender(child);
  }

  /** What it told in the end; undefined when it was killed. */
  run(job: SendAllJob): Promise<SendAllResult | undefined> {
    return new Promise((resolve) => {
      const onExit = (): void => resolve(undefined);
      this.#child.once("exit", onExit);
      this.#child.once("message", (told: SendAllResult) => {
        this.#child.off("exit", onExit);
        resolve(told);
      });
      this.#child.send(job);
    });
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
