import type { Submitted } from "./run.js";

/** Reads a message as the measured clients write it: JSON or a form, under the names that each of them uses. */
export function submittedOf(body: string, contentType = ""): Submitted {
  const fields = contentType.includes("json") ? jsonFields(body) : Object.fromEntries(new URLSearchParams(body));
  return { id: textOf(fields["text"] ?? fields["content"]), session: textOf(fields["to"] ?? fields["channel"]) };
}

function jsonFields(body: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(body) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
