import { afterEach, describe, expect, it } from "vitest";
import type { AnyOperation, Operation } from "../../src/contract/index.js";
import {
  type ReferenceBackendOptions,
  type ReferenceService,
  referenceProvider,
  startReferenceService,
} from "../../src/testing/index.js";
import type { ExchangeSession, Transport } from "../../src/transport/exchange.js";
import { createTransport } from "../../src/transport/transport.js";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function start(options: ReferenceBackendOptions = {}): Promise<{
  service: ReferenceService;
  provider: ReturnType<typeof referenceProvider>;
  exec: <Input, Output>(
    operation: Operation<Input, Output>,
    input: Input,
    session?: ExchangeSession,
  ) => Promise<Output>;
}> {
  const service = await startReferenceService(options);
  const { url, personalAccessToken } = service;
  const provider = referenceProvider({ baseUrl: url, personalAccessToken });
  const transport: Transport = createTransport({ limits: { backoffBaseMs: 1 } });
  opened.push(transport, service);
  const exec = async <Input, Output>(
    operation: Operation<Input, Output>,
    input: Input,
    session?: ExchangeSession,
  ): Promise<Output> =>
    (await transport.execute({ provider, operation, input, ...(session ? { session } : {}) })).value;
  return { service, provider, exec };
}

const sessionOf = ({ id, key }: { id: string; key: string }): ExchangeSession => ({
  id: "ses_1",
  remoteId: id,
  settings: {},
  secrets: async () => ({ session_key: key }),
});

describe("the reference service on loopback", () => {
  it("links an account by a scanned code and takes messages for it", async () => {
    const { service, provider, exec } = await start();
    const { sessions, messages } = provider.operations;
    const made = await exec(sessions.create, { name: "Shop", account: "+15550100" });
    expect(made).toMatchObject({ name: "Shop", status: "unlinked", expected: "+15550100" });
    const shown = await exec(sessions.connect, { id: made.id });
    expect(shown).toMatchObject({ status: "scan", challenge: { kind: "qr" } });
    service.backend.phone.scan(made.id);
    expect(await exec(sessions.get, { id: made.id })).toMatchObject({ status: "online", account: "+15550100" });
    const receipt = await exec(messages.send, { to: "+15550101", text: "Hello" }, sessionOf(made));
    await exec(messages.edit, { id: receipt.providerMessageId, text: "Hello again" }, sessionOf(made));
    expect(service.backend.messages).toEqual([
      {
        id: receipt.providerMessageId,
        key: "k1",
        status: "pending",
        sessionId: made.id,
        body: { to: "+15550101", text: "Hello again" },
      },
    ]);
    await exec(sessions.remove, { id: made.id });
    await expect(exec(sessions.get, { id: made.id })).rejects.toMatchObject({ code: "REMOTE_NOT_FOUND" });
  });

  it("asks for the passkey after the scan when it has one", async () => {
    const { service, provider, exec } = await start({ passkey: "open sesame" });
    const { sessions } = provider.operations;
    const { id } = await exec(sessions.create, {});
    await exec(sessions.connect, { id });
    service.backend.phone.scan(id);
    expect(await exec(sessions.get, { id })).toMatchObject({ status: "passkey", challenge: { kind: "passkey" } });
    await expect(exec(sessions.answer, { id, answer: "wrong" })).rejects.toMatchObject({
      code: "INPUT_INVALID",
      outcome: "rejected",
      fieldErrors: { answer: ["is wrong"] },
    });
    expect(await exec(sessions.answer, { id, answer: "open sesame" })).toMatchObject({ status: "online" });
  });

  it("refuses what is over its limit with headers and a wait, and counts nothing for it", async () => {
    const { service, provider } = await start({ requests: { limit: 1, windowMs: 60_000 } });
    const ask = () =>
      fetch(`${service.url}/sessions`, { headers: { authorization: `Bearer ${service.personalAccessToken}` } });
    const first = await ask();
    expect([first.status, first.headers.get("ratelimit-remaining")]).toEqual([200, "0"]);
    const second = await ask();
    expect(second.status).toBe(429);
    const body = (await second.json()) as { retry_after: number };
    expect(body.retry_after).toBeGreaterThan(50);
    const readings = provider.readRateLimits(
      {
        status: 429,
        headers: Object.fromEntries(second.headers),
        format: "json",
        body,
        text: "",
        receivedAtMs: 1_000,
      },
      provider.operations.sessions.list as AnyOperation,
    );
    expect(readings).toMatchObject([
      { bucket: "requests", scope: "account", limit: 1, remaining: 0, retryAfterMs: body.retry_after * 1_000 },
    ]);
  });

  it("fails the way it is told to, once for each time", async () => {
    const { service, provider, exec } = await start();
    const { sessions } = provider.operations;
    service.backend.fail("lose_answer", { on: /^POST \/sessions$/ });
    await expect(exec(sessions.create, {})).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
    service.backend.fail("lose_request", { on: /^POST \/sessions$/ });
    await expect(exec(sessions.create, {})).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
    service.backend.fail("html", { on: /^POST \/sessions$/ });
    await expect(exec(sessions.create, {})).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    service.backend.fail("garble", { on: /^POST \/sessions$/ });
    await expect(exec(sessions.create, {})).rejects.toMatchObject({ code: "RESPONSE_MALFORMED", outcome: "unknown" });
    // Done although the answers were lost or garbled; not done when the request was.
    expect(await exec(sessions.list, {})).toHaveLength(2);
    service.backend.fail("unavailable", { on: /^GET/ });
    service.backend.fail("throttle", { on: /^GET/ });
    expect(await exec(sessions.list, {})).toHaveLength(2);
  });

  it("knows a token of the account from a key of a session", async () => {
    const { provider, exec } = await start();
    const made = await exec(provider.operations.sessions.create, {});
    const swapped = { ...sessionOf(made), secrets: async () => ({ session_key: "pat_canary0000" }) };
    await expect(
      exec(provider.operations.messages.send, { to: "+15550101", text: "Hello" }, swapped),
    ).rejects.toMatchObject({
      code: "CREDENTIAL_WRONG_KIND",
    });
  });
});
