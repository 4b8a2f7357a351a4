import type { WireResponse } from "../contract/index.js";

const textLimitBytes = 64 * 1024;

/** Reads the answer's bytes once, for everybody after. Total: whatever came becomes a `WireResponse`. */
export function readWireResponse(
  status: number,
  rawHeaders: Readonly<Record<string, unknown>>,
  bytes: Uint8Array,
  receivedAtMs: number,
): WireResponse {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(rawHeaders)) {
    if (value === undefined || value === null) continue;
    headers[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : `${value as string | number}`;
  }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = withoutByteOrderMark(buffer.toString("utf8"));
  const text =
    bytes.byteLength <= textLimitBytes ? whole : withoutByteOrderMark(buffer.toString("utf8", 0, textLimitBytes));
  if (whole.trim() === "") return { status, headers, format: "empty", body: undefined, text: "", receivedAtMs };
  const parsed = looksLikeJson(headers["content-type"], whole) ? parse(whole) : undefined;
  return parsed
    ? { status, headers, format: "json", body: parsed.value, text, receivedAtMs }
    : { status, headers, format: "other", body: undefined, text, receivedAtMs };
}

/** Servers send JSON as `text/html` or `text/plain` too; then only an object or a list counts, not a page that reads "404". */
function looksLikeJson(contentType: string | undefined, text: string): boolean {
  return contentType === undefined || /\bjson\b/i.test(contentType) || /^\s*[[{]/.test(text);
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
