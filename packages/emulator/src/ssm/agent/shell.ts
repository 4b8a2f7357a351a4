import { payloadType } from "../codec/payload-type.js";
import { wholeCharacters } from "../codec/utf8.js";
import type { Plugin, PluginHost } from "./plugin.js";
import { startTerminal, type Terminal } from "./terminal.js";

/** A shell, or one command, on a terminal. Never more than one process per session. */
export function shellPlugin(host: PluginHost, command: readonly string[]): Plugin {
  let terminal: Terminal | undefined;
  let isStopped = false;
  let size: { cols: number; rows: number } | undefined;
  /** The first bytes of a character whose last are not there yet. */
  let rest: Buffer = Buffer.alloc(0);

  const output = (bytes: Buffer): void => {
    let left = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    let hasRoom = true;
    for (;;) {
      const count = wholeCharacters(left, host.stage.dials.frameBytes);
      if (count === 0) break;
      hasRoom = host.write(payloadType.output, left.subarray(0, count));
      left = left.subarray(count);
    }
    rest = Buffer.from(left);
    if (!hasRoom) terminal?.pause();
  };
  const start = async (): Promise<void> => {
    const started = await startTerminal(host.stage.dials.terminal, command, {
      output: (bytes) => {
        if (!isStopped) output(bytes);
      },
      drained: () => host.resumeInput(),
      ended(problem) {
        if (isStopped) return;
        if (rest.length > 0) host.write(payloadType.output, rest);
        host.end(problem);
      },
    });
    if (isStopped) return started.kill();
    terminal = started;
    if (size !== undefined) terminal.resize(size.cols, size.rows);
    host.resumeInput();
  };
  return {
    start: () => void start(),
    input(type, bytes) {
      if (type === payloadType.size) {
        size = parseSize(bytes) ?? size;
        if (size !== undefined) terminal?.resize(size.cols, size.rows);
        return true;
      }
      // A shell that is still starting takes nothing, and the client sends it again.
      if (terminal === undefined) return false;
      if (type === payloadType.output && !terminal.write(bytes)) host.pauseInput();
      return true;
    },
    roomAgain: () => terminal?.resume(),
    stop() {
      isStopped = true;
      terminal?.kill();
    },
  };
}

function parseSize(bytes: Buffer): { cols: number; rows: number } | undefined {
  try {
    const { cols, rows } = JSON.parse(bytes.toString("utf8")) as { cols?: unknown; rows?: unknown };
    const isSize = (value: unknown): value is number =>
      typeof value === "number" && Number.isInteger(value) && value > 0 && value < 2 ** 16;
    return isSize(cols) && isSize(rows) ? { cols, rows } : undefined;
  } catch {
    return undefined;
  }
}
