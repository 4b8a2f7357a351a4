import type { WireBody } from "../contract/index.js";

const mark = "[redacted]";

/** Shorter values are ordinary words ("image", "sent"); taking them out would make a provider's message unreadable. */
const shortestSecretLength = 4;
const shortestContentLength = 8;

/**
 * Takes out what must not reach an error, a log or a span: the known secret values, bearer tokens, 64-hex keys, JIDs and
 * anything shaped like a phone number. Better one word too many than one too few.
 */
export function redactText(text: string, secrets: readonly string[] = []): string {
  let redacted = text;
  for (const secret of longestFirst(secrets)) redacted = redacted.replaceAll(secret, mark);
  return redacted
    .replace(/\b(bearer|basic|token|apikey|api[-_]key)(["']?\s*[:=]?\s*["']?)[\w.~+/=|-]{8,}/gi, `$1$2${mark}`)
    .replace(/\b[0-9a-f]{32,}\b/gi, mark)
    .replace(/\b[\w.+-]+@(?:s\.whatsapp\.net|lid|g\.us|newsletter|c\.us)\b/gi, mark)
    .replace(/\+?\d(?:[\s().-]{0,2}\d){6,18}/g, mark);
}

/** One line of a provider's page or text, short enough to print. */
export function redactedExcerpt(text: string, secrets: readonly string[], maxLength = 300): string {
  // Cut before the patterns run, as they must not walk megabytes; but generously, so that a tag or a secret at the edge is whole.
  const plain = text
    .slice(0, 16_384)
    .replace(/<(script|style)\b[\s\S]*?(<\/\1>|$)/gi, " ")
    .replace(/<[^>]*(>|$)/g, " ");
  const redacted = redactText(plain, secrets).replace(/\s+/g, " ").trim();
  return redacted.length > maxLength ? `${redacted.slice(0, maxLength)}…` : redacted;
}

/** The texts of a request's body that a provider may echo: message text, captions, names. */
export function contentOf(body: WireBody | undefined): readonly string[] {
  if (body?.kind !== "json") return [];
  const found = new Set<string>();
  const visit = (value: unknown, depth: number): void => {
    if (typeof value === "string") {
      if (value.length >= shortestContentLength || /[\s\d]/.test(value)) found.add(value);
    } else if (typeof value === "object" && value !== null && depth < 16) {
      for (const inner of Object.values(value)) visit(inner, depth + 1);
    }
  };
  visit(body.value, 0);
  return [...found];
}

/**
 * A cause that is safe to hand out. An axios error carries its whole configuration, the `Authorization` header with it, so
 * only name, code and a redacted message survive.
 */
export function redactedCause(error: unknown, secrets: readonly string[]): Error {
  const source = error as { readonly name?: unknown; readonly message?: unknown; readonly code?: unknown };
  const cause = new Error(redactText(typeof source?.message === "string" ? source.message : String(error), secrets));
  if (typeof source?.name === "string") cause.name = source.name;
  if (typeof source?.code === "string") Object.defineProperty(cause, "code", { value: source.code, enumerable: true });
  return cause;
}

function longestFirst(secrets: readonly string[]): readonly string[] {
  return secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    .filter((secret) => secret.length >= shortestSecretLength)
    .toSorted((a, b) => b.length - a.length);
}
