import { describe, expect, it } from "vitest";
import type { Challenge } from "../../src/sessions/challenge.js";
import type { Session } from "../../src/sessions/session.js";
import type { ReferenceBackendOptions, ReferenceProvider } from "../../src/testing/index.js";
import { settle } from "../../src/testing/index.js";
import { createStage, type Stage } from "./stage.js";

async function created(backend: ReferenceBackendOptions = {}, account?: string) {
  const stage = createStage({ backend });
  const colloquy = stage.colloquy();
  const session = await colloquy.sessions.create("reference", account === undefined ? {} : { account });
  return { stage, colloquy, session, remoteId: session.remoteId as string };
}

/** Reads the pairing to its end, doing something at each challenge. */
function watch(
  session: Session<ReferenceProvider>,
  onChallenge: (challenge: Challenge, count: number) => void | Promise<void>,
): Promise<Challenge[]> {
  return (async () => {
    const seen: Challenge[] = [];
    for await (const challenge of session.pair()) {
      seen.push(challenge);
      await onChallenge(challenge, seen.length);
    }
    return seen;
  })();
}

const connects = (stage: Stage): number => stage.countRequests(/connect$/);

describe("pairing", () => {
  it("shows a code, ends when it was scanned and the session is connected", async () => {
    const { stage, session, remoteId } = await created();
    const seen = await stage.pass(watch(session, () => stage.backend.phone.scan(remoteId)));
    expect(seen).toMatchObject([{ kind: "qr", attempt: 1, of: 8, sessionId: session.id }]);
    expect(seen[0]?.artefact).toMatch(/^reference:s1:/);
    expect(session.state).toBe("connected");
    expect(session.snapshot.identity).toEqual({ id: "+15550100" });
  });

  it("fetches a fresh code when one expires, as the next attempt of the same pairing", async () => {
    const { stage, session, remoteId } = await created();
    const seen = await stage.pass(
      watch(session, (_challenge, count) => (count === 3 ? stage.backend.phone.scan(remoteId) : undefined)),
    );
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(new Set(seen.map(({ artefact }) => artefact)).size).toBe(3);
    expect(new Set(seen.map(({ deadlineAtMs }) => deadlineAtMs)).size).toBe(1);
    expect((seen[1]?.issuedAtMs ?? 0) - (seen[0]?.issuedAtMs ?? 0)).toBe(45_000);
  });

  it("fetches a fresh code at once when asked to", async () => {
    const { stage, session, remoteId } = await created();
    const before = stage.clock.now();
    const seen = await stage.pass(
      watch(session, async (challenge, count) =>
        count === 1 ? challenge.refresh() : stage.backend.phone.scan(remoteId),
      ),
    );
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect((seen[1]?.issuedAtMs ?? 0) - before).toBe(0);
  });

  it("asks no more for codes than it shows", async () => {
    const { stage, session } = await created();
    void watch(session, () => undefined).catch(() => {});
    await stage.clock.advance(44_000);
    expect(stage.countRequests(/code$/)).toBe(0);
    await stage.clock.advance(2_000);
    expect(stage.countRequests(/code$/)).toBe(1);
  });

  it("passes on a passkey and takes its answer from here", async () => {
    const { stage, session, remoteId } = await created({ passkey: "open sesame" });
    const seen = await stage.pass(
      watch(session, async (challenge) => {
        if (challenge.kind === "qr") stage.backend.phone.scan(remoteId);
        else await challenge.respond({ answer: "open sesame" });
      }),
    );
    expect(seen.map(({ kind }) => kind)).toEqual(["qr", "passkey"]);
    expect(session.state).toBe("connected");
  });

  it("ends with PAIRING_TIMEOUT when nobody scans", async () => {
    const { stage, session } = await created();
    await expect(stage.pass(watch(session, () => undefined))).rejects.toMatchObject({ code: "PAIRING_TIMEOUT" });
    expect([session.state, session.snapshot.reason]).toEqual(["unlinked", "pairing_timeout"]);
  });

  it("is cancelled when the loop is left early, and asks for no more codes", async () => {
    const { stage, session } = await created();
    const leave = async (): Promise<void> => {
      for await (const _challenge of session.pair()) break;
    };
    await stage.pass(leave());
    expect([session.state, session.snapshot.reason]).toEqual(["unlinked", "pairing_cancelled"]);
    const before = stage.backend.requests.length;
    await stage.clock.advance(300_000);
    expect(stage.backend.requests.length).toBe(before);
  });

  it("is cancelled when the handler of a challenge throws", async () => {
    const { stage, session } = await created();
    const broken = watch(session, () => {
      throw new Error("no screen");
    });
    await expect(stage.pass(broken)).rejects.toThrow("no screen");
    expect(session.snapshot.reason).toBe("pairing_cancelled");
  });

  it("is cancelled by its signal, before the first code too", async () => {
    const { stage, session } = await created();
    stage.wire.hold(/connect$/);
    const abort = new AbortController();
    const pairing = (async () => {
      for await (const _challenge of session.pair({ signal: abort.signal }));
    })();
    await settle();
    expect(session.state).toBe("connecting");
    abort.abort();
    await expect(stage.pass(pairing)).rejects.toMatchObject({ name: "AbortError" });
    expect([session.state, session.snapshot.reason]).toEqual(["unlinked", "pairing_cancelled"]);
  });

  it("drops what a cancelled opening still reports", async () => {
    const { stage, session } = await created();
    stage.wire.hold(/connect$/);
    const pairing = session.pair();
    const first = pairing[Symbol.asyncIterator]().next();
    await settle();
    const refused = expect(first).rejects.toMatchObject({ code: "PAIRING_CANCELLED" });
    await pairing.cancel();
    await refused;
    stage.wire.release();
    await stage.clock.advance(10_000);
    expect(session.state).toBe("unlinked");
    expect(connects(stage)).toBe(1);
  });

  it("ends at once, without a code, for a session that is connected already", async () => {
    const { stage, session, remoteId } = await created();
    await stage.pass(watch(session, () => stage.backend.phone.scan(remoteId)));
    expect(await stage.pass(watch(session, () => undefined))).toEqual([]);
    expect(connects(stage)).toBe(1);
  });

  it("ends with IDENTITY_MISMATCH when another account than the expected one is linked", async () => {
    const { stage, session, remoteId } = await created({}, "+15550100");
    const pairing = stage.pass(watch(session, () => stage.backend.phone.scan(remoteId, "+15550199")));
    await expect(pairing).rejects.toMatchObject({
      code: "IDENTITY_MISMATCH",
      userAction: expect.stringContaining("Unlink the account"),
    });
    expect([session.state, session.snapshot.reason]).toEqual(["unlinked", "identity_mismatch"]);
    await expect(session.send({ to: "+15550101", text: "Hello" })).rejects.toMatchObject({
      code: "SESSION_NOT_CONNECTED",
    });
  });

  it("outlives a lost connection inside the pairing", async () => {
    const { stage, session, remoteId } = await created();
    stage.backend.fail("html", { on: /^GET \/sessions\/s1$/, times: 6 });
    const seen = watch(session, () => undefined);
    await stage.clock.advance(30_000);
    expect(session.state).toBe("pairing");
    stage.backend.phone.scan(remoteId);
    expect(await stage.pass(seen)).toHaveLength(1);
    expect(session.state).toBe("connected");
  });

  it("is told to other handles of the same process as an event", async () => {
    const { stage, colloquy, session, remoteId } = await created();
    const other = await colloquy.sessions.get(session.id);
    const told: string[] = [];
    void (async () => {
      for await (const event of other.events()) told.push(event.type === "state" ? event.to : event.type);
    })();
    await stage.pass(watch(session, () => stage.backend.phone.scan(remoteId)));
    await settle();
    expect(told).toContain("challenge");
    expect(told).toEqual(["connecting", "pairing", "challenge", "connected", "health"]);
  });
});
