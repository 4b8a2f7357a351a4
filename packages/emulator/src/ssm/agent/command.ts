import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { payloadType } from "../codec/payload-type.js";
import { childEnvironment, signalGroup } from "./child.js";
import type { Plugin, PluginHost } from "./plugin.js";

export interface CommandOptions {
  command: string;
  /** Stream stdout and stderr apart, and tell the exit code. Otherwise all output comes as one, at the end. */
  separatesOutput: boolean;
  /** Put before the first chunk and before each chunk after one that ended a line. */
  stdoutPrefix: string;
  stderrPrefix: string;
}

/** Children of the command may hold its pipes open; so long is waited for them after its end. */
const afterExitMs = 200;

/** A command without a terminal and without stdin. */
export function commandPlugin(host: PluginHost, options: CommandOptions): Plugin {
  const { command, separatesOutput } = options;
  let child: ChildProcess | undefined;
  let isStopped = false;
  let hasEnded = false;
  const collected: Buffer[] = [];

  const streamTo = (stream: Readable | null, type: number, prefix: string): void => {
    let beginsLine = true;
    stream?.on("data", (bytes: Buffer) => {
      if (isStopped) return;
      const chunk = beginsLine && prefix !== "" ? Buffer.concat([Buffer.from(prefix), bytes]) : bytes;
      beginsLine = bytes.at(-1) === 0x0a;
      if (!separatesOutput) collected.push(chunk);
      else if (!host.write(type, chunk)) stream.pause();
    });
  };
  const end = (exit: number | string): void => {
    if (isStopped || hasEnded) return;
    hasEnded = true;
    const output = Buffer.concat(collected);
    if (output.length > 0) host.write(payloadType.output, output);
    if (typeof exit === "string") host.write(payloadType.stderr, Buffer.from(`${exit}\n`));
    const code = typeof exit === "string" ? 127 : exit;
    if (separatesOutput) host.write(payloadType.exitCode, Buffer.from(`EXIT_CODE: ${code}`));
    host.end();
  };
  return {
    start() {
      const script = separatesOutput ? command : `exec 2>&1\n${command}`;
      child = spawn("/bin/sh", ["-c", script], {
        env: childEnvironment(),
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      streamTo(child.stdout, payloadType.output, options.stdoutPrefix);
      streamTo(child.stderr, payloadType.stderr, options.stderrPrefix);
      child.on("error", (error) => end(error.message));
      child.on("exit", (code, signal) => {
        const exit = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
        child?.once("close", () => end(exit));
        host.stage.timers.after(afterExitMs, () => {
          // With output still unread, the end waits for it.
          if (!child?.stdout?.isPaused() && !child?.stderr?.isPaused()) end(exit);
        });
      });
    },
    input(type, bytes) {
      if (type !== payloadType.output || child === undefined) return true;
      const key = bytes.find((byte) => byte === 0x03 || byte === 0x1c);
      if (key !== undefined) signalGroup(child, key === 0x03 ? "SIGINT" : "SIGQUIT");
      return true;
    },
    roomAgain() {
      child?.stdout?.resume();
      child?.stderr?.resume();
    },
    stop() {
      isStopped = true;
      if (child !== undefined) signalGroup(child, "SIGKILL");
    },
  };
}
