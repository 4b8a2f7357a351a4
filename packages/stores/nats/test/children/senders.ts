import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { SendAllJob, SendAllResult } from "./send-all.js";

const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** A process of its own that carries out one job after the other. */
export class Sender {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(): Promise<Sender> {
    const child = fork(fileURLToPath(new URL("send-all.ts", import.meta.url)), {
      execArgv: ["--conditions=@colloquy/source", "--import", loader],
    });
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
