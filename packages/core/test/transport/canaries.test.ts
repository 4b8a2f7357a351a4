import { describe, expect, it } from "vitest";
import { isColloquyError } from "../../src/contract/index.js";
import type { LogFields } from "../../src/logger.js";
import type { Attributes, Telemetry } from "../../src/telemetry.js";
import { fakeSession, fakeSessionKey, fakeToken, send } from "./fake-provider.js";
import { json, type loopback } from "./loopback.js";
import { failureOf, message, setUp } from "./setting.js";

describe("canaries", () => {
  it("of token, key, text and number are in no error, log line or span, whatever the provider echoes", async () => {
    const told: string[] = [];
    const note = (value: unknown): void => void told.push(JSON.stringify(value) ?? "");
    const telemetry: Telemetry = {
      span: (name, attributes) => {
        note([name, attributes]);
        return { set: (more: Attributes) => note(more), end: (error) => note(flat(error)) };
      },
      count: (name, attributes) => note([name, attributes]),
      record: (name, value, attributes) => note([name, value, attributes]),
    };
    const logger = { log: (level: string, event: string, fields: LogFields) => note([level, event, fields]) };
    const echo = { ...message, token: fakeToken, key: fakeSessionKey };
    const answers: Parameters<typeof loopback>[0][] = [
      (request, response) =>
        json(response, 422, { error: `bad: ${request.body} ${request.headers.authorization}`, ...echo }),
      (request, response) =>
        void response.writeHead(502).end(`<p>${request.body} ${request.headers.authorization}</p>`),
      (request, response) => json(response, 200, { echo: request.body, auth: request.headers.authorization }),
      (_request, response) => void response.socket?.destroy(),
      (request, response) => json(response, 429, { message: request.body, retry_after: 99 }),
    ];
    for (const answer of answers) {
      const { transport, provider } = await setUp(
        answer,
        { telemetry, logger },
        {
          readFailure: ({ status, text }) =>
            status === 422
              ? { code: "INPUT_INVALID", providerCode: text, providerMessage: text, fieldErrors: { to: [text] } }
              : undefined,
        },
      );
      const error = await failureOf(
        transport.execute({
          provider,
          operation: send,
          input: message,
          session: fakeSession(),
          deadlineAtMs: Date.now() + 5_000,
        }),
      );
      expect(isColloquyError(error)).toBe(true);
      note(flat(error));
    }
    expect(told.length).toBeGreaterThan(20);
    for (const canary of [fakeToken, fakeSessionKey, "canary text", "5550100123"])
      for (const line of told) expect(line).not.toContain(canary);
    expect(told.join("\n")).toContain("messages.send");
    expect(told.join("\n")).toContain("unknown");
  });
});

/** Everything that can be reached from an error, hidden properties and causes too. */
function flat(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || depth > 6) return value;
  return Object.getOwnPropertyNames(value).map((name) => [
    name,
    flat((value as Record<string, unknown>)[name], depth + 1),
  ]);
}
