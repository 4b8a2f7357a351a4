import { maskText } from "../masking.js";
import type { Output } from "../output/output.js";

/** Never printed by a command that is for something else; `sessions show --reveal` is for the first two. */
const secretKeys = new Set(["apiKey", "webhookSecret", "token", "qrCode", "proxyUrl"]);

/** What people wrote. */
const textKeys = new Set(["text", "content", "caption"]);

/** An answer of any operation as it may be shown: without keys, with masked numbers, and without the raw row. */
export function shown(value: unknown, output: Output): unknown {
  if (typeof value === "string") return output.showSecrets ? value : maskText(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => shown(item, output));
  // The raw row holds the same under other names, keys among it.
  const entries = Object.entries(value).filter(([key]) => key !== "raw");
  return Object.fromEntries(entries.map(([key, part]) => [key, part === undefined ? part : field(key, part, output)]));
}

function field(key: string, value: unknown, output: Output): unknown {
  if (secretKeys.has(key)) return "[redacted]";
  if (textKeys.has(key)) return output.text(typeof value === "string" ? value : JSON.stringify(value));
  return shown(value, output);
}
