import type { WireResponse } from "@colloquy/core";

const json = (status: number, body: unknown, headers: WireResponse["headers"] = {}): WireResponse => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  format: "json",
  body,
  text: JSON.stringify(body) ?? "",
  receivedAtMs: 1_700_000_000_000,
});

const other = (status: number, text: string, headers: WireResponse["headers"] = {}): WireResponse => ({
  status,
  headers,
  format: text === "" ? "empty" : "other",
  body: undefined,
  text,
  receivedAtMs: 1_700_000_000_000,
});

/** JSON that parses and is not what anybody promised. */
const hostileBodies: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  "",
  "ok",
  [],
  [null],
  [[]],
  {},
  { error: null },
  { error: 7 },
  { error: { code: {}, message: [] } },
  { message: null, errors: "no" },
  { errors: { field: "not a list" } },
  { errors: { field: [1, null, {}] } },
  { data: null },
  { data: [] },
  { success: "yes", data: 12 },
  { retry_after: "soon" },
  { retry_after: -5 },
  { retry_after: 1e300 },
  { __proto__: null, constructor: 1, toString: 2 },
  { id: {}, status: {} },
];

const hostileHeaders: readonly WireResponse["headers"][] = [
  {},
  { "retry-after": "-1" },
  { "retry-after": "never" },
  { "retry-after": "99999999999999999999" },
  { "x-ratelimit-limit": "NaN", "x-ratelimit-remaining": "-3", "x-ratelimit-reset": "1e999" },
  { "ratelimit-limit": "", "ratelimit-remaining": "lots", "ratelimit-reset": "9".repeat(40) },
];

const texts: readonly string[] = [
  "",
  "<html><h1>502 Bad Gateway</h1></html>",
  '{"success": tr',
  "\u0000\uFFFD",
  "[".repeat(5_000),
];

const statuses: readonly number[] = [
  200, 201, 204, 302, 400, 401, 402, 403, 404, 409, 418, 422, 429, 500, 502, 503, 599,
];

/** Answers that no provider promises and every provider meets. */
export function hostileResponses(): readonly WireResponse[] {
  return statuses.flatMap((status) => [
    ...hostileBodies.map((body) => json(status, body)),
    ...texts.map((text) => other(status, text)),
    ...hostileHeaders.map((headers) => json(status, {}, headers)),
  ]);
}

/** Successes that say nothing. */
export function emptySuccesses(): readonly WireResponse[] {
  return [
    json(200, null),
    json(200, []),
    json(200, "ok"),
    json(200, 42),
    json(200, {}),
    other(200, texts[1] as string),
    other(200, texts[2] as string),
  ];
}

/** Bytes that somebody may push. `valid` is a real delivery, whose beginnings are hostile too. */
export function hostileBytes(valid: Uint8Array): readonly Uint8Array[] {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const cuts = Array.from({ length: 24 }, (_unused, index) => valid.slice(0, Math.floor((valid.length * index) / 24)));
  return [
    ...cuts,
    ...texts.map(encode),
    ...hostileBodies.map((body) => encode(JSON.stringify(body))),
    ...hostileBodies.flatMap((data) => wrapped(valid, data)).map(encode),
    Uint8Array.of(0xff, 0xfe, 0x00, 0xc3, 0x28),
    encode(`${'{"data":'.repeat(2_000)}1${"}".repeat(2_000)}`),
  ];
}

/** The real delivery with each of its fields replaced by something else. */
function wrapped(valid: Uint8Array, replacement: unknown): readonly string[] {
  const envelope = JSON.parse(new TextDecoder().decode(valid)) as Record<string, unknown>;
  return Object.keys(envelope).map((key) => JSON.stringify({ ...envelope, [key]: replacement }));
}
