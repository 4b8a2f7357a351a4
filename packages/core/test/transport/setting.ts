import type { ServerResponse } from "node:http";
import { expect, onTestFinished } from "vitest";
import { createTransport, type Transport, type TransportOptions } from "../../src/transport/index.js";
import { type FakeProviderOptions, fakeProvider, type SendInput } from "./fake-provider.js";
import { json, type Loopback, loopback } from "./loopback.js";

/** Its text is a canary: no error, log line or span may hold it. */
export const message: SendInput = { to: "+15550100123", text: "canary text of the message" };

export interface Setting {
  readonly server: Loopback;
  readonly transport: Transport;
  readonly provider: ReturnType<typeof fakeProvider>;
}

/** A transport and a real server that answers so. Both are closed when the test is over. */
export async function setUp(
  answer: Parameters<typeof loopback>[0],
  options: TransportOptions = {},
  providerOptions: FakeProviderOptions = {},
): Promise<Setting> {
  const server = await loopback(answer);
  const transport = createTransport({ ...options, limits: { backoffBaseMs: 1, ...options.limits } });
  onTestFinished(async () => {
    await server.close();
    await transport.close();
  });
  return { server, transport, provider: fakeProvider({ baseUrl: server.baseUrl, ...providerOptions }) };
}

/** The answer of a service that takes everything. */
export const ok = (_request: unknown, response: ServerResponse): void => json(response, 200, { id: "m1" });

/** What this call fails with; the test fails when it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  return promise.then(
    () => expect.fail("it succeeded"),
    (error: unknown) => error as Record<string, unknown>,
  );
}
