import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Service, startService } from "./support/service.js";

let service: Service;

beforeEach(async () => {
  service = await startService({ dials: { scanAfterMs: 10, sentAfterMs: 1 } });
  for await (const _challenge of service.session.pair()) void 0;
});

afterEach(() => service.close());

const asked = (path: RegExp): number =>
  service.emulator.wasender.requests.filter((request) => path.test(request.path)).length;

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const found: Value[] = [];
  for await (const value of values) found.push(value);
  return found;
}

describe("lists that page by themselves", () => {
  it("read the whole message log, each row once though new ones arrive meanwhile", async () => {
    const { session } = service;
    await session.provider.sessions.update({ logMessages: true });
    const send = (number: number) => session.send({ id: `m${number}`, to: "+15550101", text: `${number}` });
    for (let number = 0; number < 12; number++) await send(number);
    const ids: string[] = [];
    for await (const row of session.provider.sessions.messageLogs.each({ perPage: 5 })) {
      ids.push(row.id);
      if (ids.length === 3) await send(12);
    }
    expect(ids).toHaveLength(12);
    expect(new Set(ids).size).toBe(12);
  });

  it("stop asking when the loop is left, and when they are aborted", async () => {
    const { session } = service;
    const logs = session.provider.sessions.sessionLogs;
    for await (const row of logs.each({ perPage: 1 })) {
      expect(row.eventType).toBe("status_change");
      break;
    }
    expect(asked(/session-logs$/)).toBe(1);
    await expect(all(logs.each({}, { signal: AbortSignal.abort() }))).rejects.toMatchObject({ name: "AbortError" });
    expect(asked(/session-logs$/)).toBe(1);
  });

  it("read contacts and groups as their whole lists do", async () => {
    const { contacts, groups } = service.session.provider;
    for (let number = 0; number < 3; number++) await groups.create({ name: `Group ${number}` });
    const [everybody, everything] = [(await contacts.list()).value, (await groups.list()).value];
    expect(everybody.length).toBeGreaterThan(2);
    expect(await all(contacts.page.each({ perPage: 2 }))).toEqual(everybody);
    expect(await all(groups.page.each({ perPage: 2 }))).toEqual(everything);
    expect((await all(groups.page.pages({ perPage: 2 }))).length).toBe(Math.ceil(everything.length / 2));
  });
});
