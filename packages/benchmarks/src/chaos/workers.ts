import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Broker } from "./brokers.js";
import { type Proxy, startProxy } from "./proxy.js";

/** One worker, whichever process it is at the moment. */
export class ChaosWorker {
  readonly name: string;
  readonly #start: () => ChildProcess;
  readonly proxy: Proxy | undefined;
  #child: ChildProcess;

  private constructor(name: string, start: () => ChildProcess, proxy: Proxy | undefined) {
    this.name = name;
    this.#start = start;
    this.proxy = proxy;
    this.#child = this.#begin();
  }

  static async start(
    program: string,
    name: string,
    broker: Broker,
    options: { readonly address: string; readonly leaseMs: number; readonly skewMs: number },
  ): Promise<ChaosWorker> {
    const { port } = broker;
    const proxy = port === undefined ? undefined : await startProxy(() => port);
    const { address, leaseMs, skewMs } = options;
    const args = [name, broker.place(proxy?.port), address, String(leaseMs), String(skewMs)];
    return new ChaosWorker(name, () => fork(program, args, { stdio: ["ignore", "ignore", "pipe", "ipc"] }), proxy);
  }

  #begin(): ChildProcess {
    const child = this.#start();
    child.stderr?.on("data", (text: Buffer) => process.stderr.write(`${this.name}: ${text.toString()}`));
    return child;
  }

  async killAndRestart(): Promise<void> {
    await this.#end("SIGKILL");
    this.#child = this.#begin();
  }

  async handOverAndRestart(): Promise<void> {
    await this.#end("SIGTERM");
    this.#child = this.#begin();
  }

  freeze(): void {
    this.#child.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child.kill("SIGCONT");
  }

  async close(): Promise<void> {
    this.thaw();
    this.proxy?.mend();
    await this.#end("SIGTERM");
    await this.proxy?.close();
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    // One that does not end when it is asked to is ended.
    const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(late);
  }
}
