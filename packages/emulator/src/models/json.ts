import type { Reply } from "../http/reply.js";

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The members of a JSON object; undefined for every other body. */
export function fieldsOf(bytes: Uint8Array | undefined): Fields | undefined {
  try {
    const value = JSON.parse(Buffer.from(bytes ?? []).toString("utf8")) as unknown;
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function jsonReply(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) };
}

export function streamReply(contentType: string, parts: AsyncIterable<string>, headers: Record<string, string>): Reply {
  return {
    status: 200,
    headers: { "Content-Type": contentType, "Cache-Control": "no-cache", ...headers },
    body: undefined,
    parts,
  };
}

/** The text of a content that is a string or a list of parts. Parts that are no text count as nothing. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => (isFields(part) && typeof part["text"] === "string" ? part["text"] : "")).join("");
}

export const stringsOf = (value: unknown): string[] =>
  typeof value === "string" ? [value] : Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
