import type { SessionChannel, SessionEnd } from "../channel/session-channel.js";
import { payloadType, readExitCode } from "../codec/payload-type.js";
import { ssmError } from "../errors.js";

export interface RunOptions {
  /** Most bytes of output and errors together. Default 64 MiB. More fails with `RESPONSE_TOO_LARGE`. */
  readonly maxBytes?: number;
}

export interface RunResult {
  readonly stdout: Buffer;
  /** Empty unless the session's document keeps the streams apart. */
  readonly stderr: Buffer;
  /** Undefined when the agent tells none: only documents that keep the streams apart do. */
  readonly code: number | undefined;
  /** The service's closing words; empty after a normal end. */
  readonly closingText: string;
}

const defaultMaxBytes = 64 * 1024 * 1024;

/** Collects a command that was given when the session was started, to its end. */
export function collectRun(channel: SessionChannel, options: RunOptions = {}): Promise<RunResult> {
  const maxBytes = options.maxBytes ?? defaultMaxBytes;
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  let bytes = 0;
  let code: number | undefined;
  return new Promise((resolve, reject) => {
    const take = (type: number, payload: Buffer): boolean => {
      if (type === payloadType.exitCode) code = readExitCode(payload);
      if (type !== payloadType.output && type !== payloadType.stderr && type !== payloadType.error) return true;
      bytes += payload.length;
      if (bytes > maxBytes) {
        output.length = 0;
        errors.length = 0;
        reject(ssmError({ code: "RESPONSE_TOO_LARGE", message: `The command said more than ${maxBytes} bytes.` }));
      } else (type === payloadType.output ? output : errors).push(Buffer.from(payload));
      return true;
    };
    const end = (how: SessionEnd): void => {
      if (how.error) reject(how.error);
      else resolve({ stdout: Buffer.concat(output), stderr: Buffer.concat(errors), code, closingText: how.text });
    };
    channel.attach({ take, end });
  });
}
