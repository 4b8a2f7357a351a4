import { describe, expect, it } from "vitest";
import { settle } from "../../src/testing/index.js";
import { connectedSession, createStage, restored, type StageOptions } from "./stage.js";

const poll = /^GET \/sessions\/s1$/;
const forever = Number.MAX_SAFE_INTEGER;

async function connected(options?: StageOptions) {
  const stage = createStage(options);
  const colloquy = stage.colloquy();
  const session = await connectedSession(stage, colloquy);
  return { stage, colloquy, session, remoteId: session.remoteId as string };
}

describe("a session that is watched", () => {
  it("is asked for its state every half minute while connected, and renews its proof", async () => {
    const { stage, session } = await connected();
    const before = stage.countRequests(poll);
    const provenAtMs = session.snapshot.provenAtMs as number;
    await stage.clock.advance(300_000);
    expect(stage.countRequests(poll) - before).toBe(10);
    expect(session.snapshot.provenAtMs).toBe(provenAtMs + 300_000);
    expect(session.state).toBe("connected");
  });

  it("is asked every two seconds while it connects", async () => {
    const stage = createStage({ backend: { opensAtOnce: false } });
    const session = await stage.colloquy().sessions.create("reference", {});
    const remoteId = session.remoteId as string;
    void (async () => {
      for await (const _challenge of session.pair()) stage.backend.phone.scan(remoteId);
    })();
    await stage.clock.advance(20_000);
    expect(stage.countRequests(poll)).toBe(10);
    stage.backend.phone.finishOpening(remoteId);
    await stage.clock.advance(2_000);
    expect(session.state).toBe("connected");
  });

  it("does not fill its history with proofs", async () => {
    const { stage, session } = await connected();
    const before = (await stage.store.log.read(session.id)).length;
    await stage.clock.advance(3_600_000);
    expect((await stage.store.log.read(session.id)).length).toBe(before);
  });

  it("stays connected over one lost poll, tells the doubt, and is well again after the next", async () => {
    const { stage, session } = await connected();
    stage.backend.fail("html", { on: poll });
    await stage.clock.advance(45_000);
    expect(session.state).toBe("connected");
    expect(session.snapshot.health.status).toBe("degraded");
    await stage.clock.advance(30_000);
    expect(session.snapshot.health).toEqual({ status: "ok", signals: [] });
    expect(session.snapshot.attempt).toBe(0);
  });

  it("is no longer believed when no proof came for the liveness time, and comes back by itself", async () => {
    const { stage, session } = await connected();
    stage.backend.fail("html", { times: forever });
    await stage.clock.advance(85_000);
    expect(session.state).toBe("connected");
    await stage.clock.advance(30_000);
    expect(session.state).toBe("reconnecting");
    expect(session.snapshot.cause?.class).toBe("transient");
    await stage.clock.advance(3_600_000);
    expect(session.state).toBe("reconnecting");
    stage.backend.recover();
    await stage.pass(session.waitFor("connected"));
    expect(session.snapshot.attempt).toBe(0);
  });

  it("comes back after a drop, in growing steps, and tells each", async () => {
    const { stage, session, remoteId } = await connected();
    const delays: number[] = [];
    void (async () => {
      for await (const event of session.events({ types: ["state"] }))
        if (event.type === "state" && event.nextAttemptAtMs !== undefined)
          delays.push(event.nextAttemptAtMs - event.atMs);
    })();
    stage.backend.phone.drop(remoteId);
    await stage.clock.advance(31_000);
    const connects = stage.countRequests(/connect$/);
    await stage.clock.advance(600_000);
    const attempts = stage.countRequests(/connect$/) - connects;
    // A minute at most between two attempts, half a minute at least once the steps have grown.
    expect(attempts).toBeGreaterThanOrEqual(10);
    expect(attempts).toBeLessThanOrEqual(30);
    expect(session.snapshot.attempt).toBeGreaterThanOrEqual(10);
    expect(delays[0]).toBeLessThanOrEqual(1_000);
    stage.backend.phone.restore(remoteId);
    await stage.pass(session.waitFor("connected"));
    expect(session.snapshot.attempt).toBe(0);
  });

  it("drops the answer to a poll that was under way when it was suspended", async () => {
    const { stage, session } = await connected();
    stage.wire.hold(poll);
    await stage.clock.advance(31_000);
    expect(stage.wire.heldCount).toBe(1);
    await session.suspend();
    stage.wire.release();
    await stage.clock.advance(60_000);
    expect(session.state).toBe("suspended");
    expect((await stage.store.log.read(session.id)).at(-1)).toMatchObject({ event: "suspend", to: "suspended" });
  });

  it("yields to another client, and stays away until it is resumed", async () => {
    const { stage, session, remoteId } = await connected();
    stage.backend.phone.replace(remoteId);
    await stage.clock.advance(31_000);
    expect([session.state, session.snapshot.cause?.reason]).toEqual(["suspended", "replaced"]);
    const before = stage.backend.requests.length;
    await stage.clock.advance(600_000);
    expect(stage.backend.requests.length).toBe(before);
    await session.resume();
    expect(session.state).toBe("connecting");
    await stage.pass(session.waitFor("connected"));
  });

  it("ends when the provider knows it no more", async () => {
    const { stage, session, remoteId } = await connected();
    stage.backend.phone.remove(remoteId);
    await stage.clock.advance(31_000);
    expect([session.state, session.snapshot.reason]).toEqual(["terminated", "not_found"]);
    expect(stage.clock.armed).toBe(0);
  });

  it("fails at once for a token that the provider refuses, and says what to do", async () => {
    const stage = createStage();
    const session = await stage.colloquy().sessions.create("reference", {});
    Object.assign(stage.backend, { personalAccessToken: "pat_another" });
    await session.start();
    await expect(stage.pass(session.waitFor("connected"))).rejects.toMatchObject({
      code: "STATE_UNREACHABLE",
      userAction: expect.stringContaining("token"),
    });
    expect([session.state, session.snapshot.reason]).toEqual(["failed", "credential_rejected"]);
    expect(stage.countRequests(/connect$/)).toBe(1);
  });

  it("refuses a command that does not apply, and writes that down", async () => {
    const { stage, session } = await connected();
    await expect(session.restart()).rejects.toMatchObject({
      code: "COMMAND_REFUSED",
      operation: "restart",
      outcome: "not_attempted",
    });
    expect((await stage.store.log.read(session.id)).at(-1)).toMatchObject({ event: "restart", disposition: "refused" });
  });
});

describe("ending a session", () => {
  it("logs out, wipes the keys only after the acknowledgement, and can be paired again", async () => {
    const { stage, session, remoteId } = await connected();
    stage.wire.hold(/unlink$/);
    const leaving = session.logout();
    await settle();
    expect(session.state).toBe("closing");
    expect(await stage.store.secrets.get(session.id)).not.toEqual({});
    stage.wire.release();
    expect(await stage.pass(leaving)).toBe("unlinked");
    await settle();
    expect(await stage.store.secrets.get(session.id)).toEqual({});
    const again = (async () => {
      for await (const _challenge of session.pair()) stage.backend.phone.scan(remoteId);
    })();
    await stage.pass(again);
    await expect(stage.pass(session.send({ to: "+15550101", text: "Hello" }))).resolves.toMatchObject({
      status: "accepted",
    });
  });

  it("keeps the keys when the logout is not confirmed", async () => {
    const { stage, session } = await connected();
    stage.backend.fail("unavailable", { on: /unlink$|^GET/, times: forever });
    expect(await stage.pass(session.logout())).toBe("suspended");
    expect(session.snapshot.reason).toBe("logout_unconfirmed");
    expect(await stage.store.secrets.get(session.id)).toMatchObject({ session_key: expect.any(String) });
  });

  it("closes for good: gone at the provider, nothing runs any more", async () => {
    const { stage, session } = await connected();
    expect(await stage.pass(session.close())).toBe("terminated");
    await settle();
    expect(session.snapshot.reason).toBe("closed");
    expect(stage.backend.secretsOf(session.remoteId as string)).toBeUndefined();
    expect(stage.clock.armed).toBe(0);
  });

  it("pauses without unlinking and resumes without a code", async () => {
    const { stage, session } = await connected();
    await session.suspend();
    await stage.clock.advance(60_000);
    expect([session.state, session.snapshot.suspendedBy]).toEqual(["suspended", "caller"]);
    expect(stage.countRequests(/pause$/)).toBe(1);
    await session.resume();
    await stage.pass(session.waitFor("connected"));
    expect(stage.countRequests(/code$/)).toBe(0);
  });
});

describe("one session and two processes", () => {
  it("runs in the newer one: the older stops writing and tells its callers", async () => {
    const { stage, session } = await connected();
    const told: string[] = [];
    void (async () => {
      for await (const event of session.events()) told.push(event.type);
    })();
    const other = await restored(stage);
    await stage.pass(other.waitFor("connected"));
    await stage.clock.advance(60_000);
    expect(told).toContain("taken_over");
    await expect(session.suspend()).rejects.toMatchObject({ code: "SESSION_TAKEN_OVER" });
    await expect(session.send({ to: "+15550101", text: "Hello" })).rejects.toMatchObject({
      code: "SESSION_TAKEN_OVER",
    });
    const [mine, theirs] = [stage.countRequests(poll), (await stage.store.records.get(session.id))?.epoch];
    await stage.clock.advance(300_000);
    expect(stage.countRequests(poll) - mine).toBe(10);
    expect(theirs).toBe(2);
    expect(other.state).toBe("connected");
  });

  it("tells somebody who waits that it was taken over", async () => {
    const { stage, session } = await connected();
    const waiting = expect(session.waitFor("unlinked")).rejects.toMatchObject({ code: "SESSION_TAKEN_OVER" });
    const other = await restored(stage);
    await stage.pass(other.waitFor("connected"));
    await stage.clock.advance(60_000);
    await waiting;
  });

  it("is read by the other without being taken over", async () => {
    const { stage, session } = await connected();
    const other = await stage.colloquy().sessions.get(session.id);
    expect([other.state, await other.waitFor("connected")]).toEqual(["connected", "connected"]);
    await session.suspend();
    expect((await other.refresh()).state).toBe("suspended");
    expect((await stage.store.records.get(session.id))?.epoch).toBe(1);
  });
});

describe("a shutdown", () => {
  it("lets every session go without ending it, and arms nothing more", async () => {
    const { stage, colloquy, session } = await connected();
    await stage.pass(colloquy.shutdown());
    expect(stage.clock.armed).toBe(0);
    const before = stage.backend.requests.length;
    await stage.clock.advance(600_000);
    expect(stage.backend.requests.length).toBe(before);
    await expect(session.suspend()).rejects.toMatchObject({ code: "SHUT_DOWN" });
    await expect(colloquy.sessions.create("reference", {})).rejects.toMatchObject({ code: "SHUT_DOWN" });
    const again = await restored(stage);
    expect(again.state).toBe("reconnecting");
    await stage.pass(again.waitFor("connected"));
  });

  it("can be asked for twice", async () => {
    const { stage, colloquy } = await connected();
    await stage.pass(Promise.all([colloquy.shutdown(), colloquy.shutdown()]));
    await stage.pass(colloquy[Symbol.asyncDispose]());
    expect(stage.clock.armed).toBe(0);
  });
});

describe("nothing secret", () => {
  it("is in log lines, history or explanation", async () => {
    const { stage, session } = await connected();
    stage.backend.fail("html", { on: /^POST \/messages$/ });
    await stage.pass(session.send({ to: "+15550177", text: "canary text" })).catch(() => {});
    await stage.pass(session.close());
    const told = JSON.stringify([stage.log, await stage.store.log.read(session.id), await session.explain()]);
    expect(told).not.toMatch(/canary|pat_|key_|sig_|reference:s1|5550177|5550100/);
    expect(stage.log.length).toBeGreaterThan(3);
  });
});
