import { open } from "node:fs/promises";
import type { RawDelivery } from "@colloquy/core/contract";
import { z } from "zod";
import { usageError } from "../usage-error.js";

/** A delivery in a file, one JSON object a line: the headers as they came and the exact bytes in base64. */
const lineShape = z.looseObject({
  receivedAtMs: z.number().optional(),
  headers: z.record(z.string(), z.string()),
  body: z.base64(),
});

export interface Recorder {
  write(delivery: RawDelivery): Promise<void>;
  close(): Promise<void>;
}

/** Adds to the file. A new one can be read by its owner only, as signatures and bodies of deliveries hold secrets. */
export async function openRecorder(path: string, now: () => number = Date.now): Promise<Recorder> {
  const file = await open(path, "a", 0o600).catch((error: NodeJS.ErrnoException) => {
    throw usageError(`The file cannot be written (${error.code ?? "error"}).`, "Check the path given to --record.");
  });
  let last: Promise<unknown> = Promise.resolve();
  return {
    write({ headers, body }) {
      const line = { receivedAtMs: now(), headers, body: Buffer.from(body).toString("base64") };
      // One after the other, so that two deliveries at once cannot mix their lines.
      const written = last.then(() => file.appendFile(`${JSON.stringify(line)}\n`));
      last = written.catch(() => {});
      return written;
    },
    async close() {
      await last;
      await file.close();
    },
  };
}

export type RecordedLine =
  | { readonly lineNumber: number; readonly delivery: RawDelivery }
  /** What is wrong with the line; never what it holds. */
  | { readonly lineNumber: number; readonly problem: string };

/** Every line that is not blank, numbered from 1. */
export function readRecording(text: string): readonly RecordedLine[] {
  return text.split("\n").flatMap((line, index) => (line.trim() === "" ? [] : [readLine(line, index + 1)]));
}

function readLine(line: string, lineNumber: number): RecordedLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { lineNumber, problem: "is no JSON" };
  }
  const result = lineShape.safeParse(value);
  if (result.success) {
    const { headers, body } = result.data;
    return { lineNumber, delivery: { headers: lowerCased(headers), body: Buffer.from(body, "base64") } };
  }
  const places = [...new Set(result.error.issues.map(({ path }) => String(path[0] ?? "the line itself")))];
  return { lineNumber, problem: `is no delivery: missing or wrong: ${places.join(", ")}` };
}

const lowerCased = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
