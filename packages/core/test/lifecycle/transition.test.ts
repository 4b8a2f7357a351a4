import { describe, expect, it } from "vitest";
import type { LifecycleEvent } from "../../src/lifecycle/events.js";
import { newSnapshot } from "../../src/lifecycle/snapshot.js";
import { transition } from "../../src/lifecycle/transition.js";
import { at, dropped, expecting, opened, play, policy, qr, startMs, timings, traits } from "./setting.js";

describe("commands", () => {
  it("refuses a command that does not apply and leaves the snapshot as it is", () => {
    const { disposition, note, snapshot, before } = play(["resume"]);
    expect({ disposition, note }).toEqual({ disposition: "refused", note: "not_applicable" });
    expect(snapshot).toBe(before);
  });

  it("refuses to suspend where disconnecting would unpair", () => {
    const context = { traits: { ...traits, disconnectUnpairs: true } };
    expect(play(["start", opened, "suspend"], { context })).toMatchObject({
      disposition: "refused",
      note: "guard:disconnect_unpairs",
    });
  });

  it("refuses to restart where the provider cannot", () => {
    const context = { traits: { ...traits, canRestart: false } };
    expect(play(["start", dropped("fatal"), "restart"], { context })).toMatchObject({
      disposition: "refused",
      note: "guard:cannot_restart",
    });
  });

  it("takes starting again as done already", () => {
    const { disposition, snapshot, before } = play(["start", opened, "start"]);
    expect(disposition).toBe("applied");
    expect(snapshot).toBe(before);
  });

  it("opens under a new generation after giving up the older ones", () => {
    const { effects, snapshot, nowMs } = play(["pair"]);
    expect(effects).toEqual([
      { type: "abandon", beforeGeneration: 1 },
      { type: "open", generation: 1, pairing: true },
    ]);
    expect(snapshot).toMatchObject({ intent: "online", generation: 1, pairingConsumer: true });
    expect(snapshot.timers).toEqual({ connectDeadline: nowMs + timings.connectDeadlineMs });
  });

  it("opens without pairing when nobody watches for a code", () => {
    expect(play(["start"]).effects).toContainEqual({ type: "open", generation: 1, pairing: false });
  });

  it("begins a restarted session anew, with older openings stale", () => {
    const { snapshot } = play(["start", opened, dropped("fatal"), "restart"]);
    expect(snapshot).toMatchObject({ state: "created", incarnation: 2, intent: "none", attempt: 0, timers: {} });
    expect(transition(snapshot, { ...opened, generation: 1 }, at(startMs))).toMatchObject({ note: "stale_generation" });
  });

  it("does not let a pause by the provider end by itself after `suspend`", () => {
    const paused = { type: "paused", reason: "ban", untilMs: startMs + 600_000 } as const;
    expect(play(["start", opened, paused]).snapshot.timers).toEqual({ resumeDue: startMs + 600_000 });
    expect(play(["start", opened, paused, "suspend"]).snapshot).toMatchObject({ intent: "offline", timers: {} });
  });
});

describe("observations", () => {
  it("records one of an opening that was given up, and moves nothing", () => {
    const { snapshot } = play(["start", opened, dropped("transient"), "reconnectDue"]);
    const late = transition(snapshot, { ...opened, generation: snapshot.generation - 1 }, at(startMs));
    expect(late).toMatchObject({ disposition: "recorded", note: "stale_generation", changedState: false });
    expect(late.snapshot).toBe(snapshot);
  });

  it("believes one that names no opening, such as a webhook", () => {
    expect(play(["start", opened, dropped("transient"), "reconnectDue", opened]).snapshot.state).toBe("connected");
  });

  it("ends the generation when nothing runs any more", () => {
    const { snapshot, effects } = play(["start", opened, { type: "unlinked", reason: "logged_out" }]);
    expect(effects).toEqual([{ type: "abandon", beforeGeneration: 2 }]);
    expect(snapshot.generation).toBe(2);
  });

  it("renews the proof of life without a transition", () => {
    const { snapshot, disposition, changedState, note } = play(["start", opened, 10_000, opened]);
    expect({ disposition, changedState, note }).toEqual({ disposition: "applied", changedState: false, note: "proof" });
    expect(snapshot.provenAtMs).toBe(startMs + 10_000);
    expect(snapshot.timers.livenessDue).toBe(startMs + 10_000 + timings.livenessMs);
    expect(snapshot.since).toBe(startMs);
  });

  it("records the same health said twice as a duplicate", () => {
    const health = { type: "healthChanged", health: { status: "degraded", signals: ["device_offline"] } } as const;
    const { disposition, note, snapshot, before } = play(["start", opened, health, structuredClone(health)]);
    expect({ disposition, note }).toEqual({ disposition: "recorded", note: "duplicate" });
    expect(snapshot).toBe(before);
  });

  it("takes back the doubt of a failed poll with the next proof, but not what the provider called amiss", () => {
    const amiss = (signals: string[]) => ({ type: "healthChanged", health: { status: "degraded", signals } }) as const;
    expect(play(["start", opened, amiss(["network"]), opened]).snapshot.health).toEqual({
      status: "ok",
      signals: [],
    });
    expect(play(["start", opened, amiss(["network", "device_offline"]), opened]).snapshot.health.signals).toEqual([
      "device_offline",
    ]);
  });

  it.each([
    ["an unknown type", { type: "sneezed" }],
    ["no type", {}],
    ["nothing", undefined],
    ["a name from the prototype", { type: "constructor" }],
    ["a drop without a cause", { type: "dropped" }],
    ["a challenge without content", { type: "challengeIssued", challenge: null }],
    ["an identity that is a text", { type: "opened", identity: "+15550100" }],
    ["restrictions that are no list", { type: "restrictionChanged", restrictions: "all" }],
  ])("records %s", (_name, event) => {
    const { snapshot } = play(["start", opened]);
    const result = transition(snapshot, event as LifecycleEvent, at(startMs));
    expect(result).toMatchObject({ disposition: "recorded", note: "malformed_event", changedState: false });
    expect(result.snapshot).toBe(snapshot);
  });

  it("records a cause of an unknown class", () => {
    const { snapshot } = play(["start", opened]);
    const event = { type: "dropped", cause: { class: "cosmic", reason: "rays" } } as unknown as LifecycleEvent;
    expect(transition(snapshot, event, at(startMs))).toMatchObject({ disposition: "recorded", note: "guard:cause" });
  });

  it("records whatever comes to a state that this version does not know", () => {
    const snapshot = { ...newSnapshot(startMs), state: "hibernating" as never };
    expect(transition(snapshot, opened, at(startMs))).toMatchObject({ disposition: "recorded", note: "unknown_state" });
    expect(transition(snapshot, { type: "start" }, at(startMs))).toMatchObject({
      disposition: "refused",
      note: "unknown_state",
    });
  });
});

describe("identity", () => {
  it("never connects another account than the expected one, and says what to do", () => {
    const { snapshot } = play([expecting("+1 555 0100"), "pair", { type: "opened", identity: { id: "+15550999" } }]);
    expect(snapshot).toMatchObject({ state: "unlinked", reason: "identity_mismatch", pairingConsumer: false });
    expect(snapshot.health).toMatchObject({
      signals: ["identity_mismatch"],
      userAction: expect.stringContaining("Unlink"),
    });
  });

  it("does not connect the wrong account later, when the provider stops naming it", () => {
    const wrong = { type: "opened", identity: { id: "+15550999" } } as const;
    expect(play([expecting("+15550100"), "pair", wrong, { type: "opened" }])).toMatchObject({
      disposition: "recorded",
      note: "guard:identity_mismatch",
    });
  });

  it("knows the expected account by another spelling or an alias", () => {
    expect(
      play([expecting("+1 (555) 010-0000"), "start", { type: "opened", identity: { id: "15550100000" } }]).snapshot
        .state,
    ).toBe("connected");
    const alias = { type: "opened", identity: { id: "lid:9", aliases: ["+15550100000"] } } as const;
    expect(play([expecting("+15550100000"), "start", alias]).snapshot.state).toBe("connected");
  });

  it("keeps the account it knows when a proof does not name one", () => {
    expect(play(["start", opened, { type: "opened" }]).snapshot.identity).toEqual(opened.identity);
  });
});

describe("pairing", () => {
  it("counts a fresh code as an attempt and keeps the deadline of the whole", () => {
    const { snapshot, nowMs } = play(["pair", qr, 5_000, qr]);
    expect(snapshot.pairing).toEqual({
      kind: "qr",
      attempt: 2,
      issuedAtMs: nowMs,
      expiresAtMs: nowMs + timings.challengeLifetimeMs,
    });
    expect(snapshot.timers).toEqual({
      pairingDeadline: startMs + timings.pairingDeadlineMs,
      challengeDue: nowMs + timings.challengeLifetimeMs,
    });
  });

  it("uses the lifetime that the provider names", () => {
    const brief = { type: "challengeIssued", challenge: { ...qr.challenge, lifetimeMs: 7_000 } } as const;
    expect(play(["pair", brief]).snapshot.pairing?.expiresAtMs).toBe(startMs + 7_000);
  });

  it("asks for one fresh code however often the provider says that the old one expired", () => {
    const expired = { type: "challengeExpired" } as const;
    expect(play(["pair", qr, expired]).effects).toEqual([{ type: "refreshChallenge", generation: 1 }]);
    expect(play(["pair", qr, expired, expired])).toMatchObject({
      disposition: "recorded",
      effects: [],
      note: "guard:duplicate",
    });
  });

  it("asks again for a fresh code that does not come, until the deadline of the pairing", () => {
    const { snapshot, effects } = play(["pair", qr, "challengeDue", "challengeDue"]);
    expect(effects).toEqual([{ type: "refreshChallenge", generation: 1 }]);
    expect(snapshot.pairing?.attempt).toBe(1);
    expect(snapshot.timers.pairingDeadline).toBe(startMs + timings.pairingDeadlineMs);
  });

  it("survives trouble on the way to its first code", () => {
    const { snapshot, effects } = play(["pair", dropped("transient"), "reconnectDue"]);
    expect(snapshot).toMatchObject({ state: "reconnecting", pairingConsumer: true });
    expect(effects).toContainEqual({ type: "open", generation: 2, pairing: true });
    expect(play(["pair", dropped("transient"), qr]).snapshot.state).toBe("pairing");
  });

  it("opens again inside the same pairing, under the old deadline", () => {
    const { snapshot, effects } = play(["pair", qr, dropped("transient"), "reconnectDue"]);
    expect(effects).toContainEqual({ type: "open", generation: 2, pairing: true });
    expect(snapshot.timers.pairingDeadline).toBe(startMs + timings.pairingDeadlineMs);
  });

  it.each([
    ["connected", [opened]],
    ["reconnecting after a code was shown", [{ type: "paired" }, dropped("transient")]],
    ["unlinked", ["pairingDeadline"]],
    ["suspended", [dropped("yield")]],
  ] as const)("lets the consumer go on the way to %s", (_name, rest) => {
    expect(play(["pair", qr, ...rest]).snapshot).toMatchObject({ pairingConsumer: false });
  });

  it("does not show a code to nobody once connected", () => {
    const { snapshot } = play(["pair", qr, opened, dropped("transient"), "reconnectDue", qr]);
    expect(snapshot).toMatchObject({ state: "unlinked", reason: "provider_requires_pairing" });
  });

  it("does not come online by itself after it was cancelled", () => {
    expect(play(["pair", qr, "cancelPairing", opened])).toMatchObject({
      disposition: "recorded",
      note: "guard:not_wanted",
    });
  });

  it("looks, after a restart of the process, whether the code was scanned, but shows no other code", () => {
    expect(play(["pair", qr, "restored", opened]).snapshot.state).toBe("connected");
    expect(play(["pair", qr, "restored", qr]).snapshot).toMatchObject({
      state: "unlinked",
      reason: "provider_requires_pairing",
    });
  });
});

describe("reconnecting", () => {
  it("waits longer after each attempt, up to the cap", () => {
    const steps = ["start", opened, dropped("transient")] as const;
    const delays: number[] = [];
    let { snapshot, nowMs } = play(steps);
    for (let attempt = 0; attempt < 9; attempt++) {
      const dueMs = snapshot.timers.reconnectDue ?? 0;
      delays.push(dueMs - nowMs);
      snapshot = transition(snapshot, { type: "reconnectDue" }, at(dueMs)).snapshot;
      expect(snapshot.attempt).toBe(attempt + 1);
      nowMs = snapshot.timers.connectDeadline ?? 0;
      snapshot = transition(snapshot, { type: "connectDeadline" }, at(nowMs)).snapshot;
    }
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it("takes a random part off the delay", () => {
    const delayAt = (chance: number) =>
      (play(["start", dropped("transient")], { context: { chance } }).snapshot.timers.reconnectDue ?? 0) - startMs;
    expect([delayAt(0), delayAt(0.5), delayAt(0.9)]).toEqual([1_000, 750, 550]);
  });

  it("does not try before the instant that the provider named", () => {
    expect(play(["start", dropped("transient", startMs + 45_000)]).snapshot.timers.reconnectDue).toBe(startMs + 45_000);
  });

  it("does not push the next attempt away when the same trouble is reported again", () => {
    const first = play(["start", opened, dropped("transient")]);
    const again = play([500, dropped("transient")], { snapshot: first.snapshot });
    expect(again).toMatchObject({ disposition: "recorded", note: "guard:retry_pending" });
    expect(again.snapshot).toBe(first.snapshot);
  });

  it("never gives up on transient trouble", () => {
    const rounds = Array.from({ length: 40 }, () => [dropped("transient"), "reconnectDue"] as const).flat();
    expect(play(["start", ...rounds]).snapshot).toMatchObject({ state: "reconnecting", attempt: 40 });
  });

  it("gives up on bounded trouble when the budget is gone, and grants a new one after `connected`", () => {
    const round = [dropped("bounded"), "reconnectDue"] as const;
    expect(play(["start", ...round, ...round, dropped("bounded")]).snapshot).toMatchObject({
      state: "failed",
      reason: "retry_budget",
    });
    expect(play(["start", ...round, ...round, opened, dropped("bounded")]).snapshot).toMatchObject({
      state: "reconnecting",
      boundedDrops: 1,
    });
  });

  it("does not reopen without pause when every restart asks for another", () => {
    const { snapshot, effects } = play(["start", dropped("progress"), dropped("progress")]);
    expect(snapshot.state).toBe("reconnecting");
    expect(effects).toEqual([]);
  });

  it("spreads the first attempts after a restart of the process", () => {
    const dueAt = (chance: number) =>
      play(["start", opened, "restored"], { context: { chance } }).snapshot.timers.reconnectDue;
    expect([dueAt(0), dueAt(0.5)]).toEqual([startMs, startMs + policy.baseMs / 2]);
  });
});

describe("timers", () => {
  it("ignores a timer that is not armed, or whose instant was moved", () => {
    expect(play(["start", { type: "livenessDue" }])).toMatchObject({
      disposition: "recorded",
      note: "timer_not_armed",
    });
    const { snapshot } = play(["start"]);
    expect(transition(snapshot, { type: "connectDeadline" }, at(startMs + 1_000))).toMatchObject({
      note: "timer_not_due",
    });
  });

  it("takes off a timer that means nothing in its state", () => {
    const snapshot = { ...newSnapshot(startMs), timers: { livenessDue: startMs } };
    const result = transition(snapshot, { type: "livenessDue" }, at(startMs));
    expect(result).toMatchObject({ disposition: "recorded", changedState: false, snapshot: { timers: {} } });
  });

  it("has no liveness deadline where nothing of ours would renew the proof", () => {
    const context = { traits: { ...traits, statePolling: false } };
    expect(play(["start", opened], { context }).snapshot.timers).toEqual({});
    expect(play(["start", { type: "asked" }], { context }).snapshot.timers).toEqual({});
  });

  it("keeps the life's end through every state that is not final", () => {
    const snapshot = newSnapshot(startMs, { ttlMs: 3_600_000 });
    for (const steps of [["pair", qr], ["start", opened], ["start", opened, "suspend"], ["close"]] as const)
      expect(play(steps, { snapshot }).snapshot.timers.ttlDue).toBe(startMs + 3_600_000);
    expect(play(["start", dropped("fatal")], { snapshot }).snapshot.timers).toEqual({});
  });

  it("gives a closing whose deadline passed while nothing ran another one", () => {
    const { snapshot, nowMs } = play(["start", "close", 60_000, "restored"]);
    expect(snapshot.timers.closeDeadline).toBe(nowMs + timings.closeDeadlineMs);
    expect(play(["start", "close", 5_000, "restored"]).snapshot.timers.closeDeadline).toBe(
      startMs + timings.closeDeadlineMs,
    );
  });
});

describe("closing", () => {
  it("keeps the credentials until the provider acknowledged", () => {
    const wipes = (...steps: Parameters<typeof play>[0]) =>
      play(steps).effects.some((effect) => effect.type === "wipeCredentials");
    expect(wipes("start", opened, "logout")).toBe(false);
    expect(wipes("start", opened, "logout", "closeDeadline")).toBe(false);
    expect(wipes("start", opened, { type: "notFound" })).toBe(false);
    expect(wipes("start", opened, "logout", { type: "logoutAck" })).toBe(true);
  });

  it("ends a session of which the provider knows nothing", () => {
    expect(play(["close", { type: "notFound" }]).snapshot).toMatchObject({ state: "terminated", intent: "closed" });
  });

  it("does not take an acknowledged logout for the end that was asked for", () => {
    expect(play(["start", opened, "close", { type: "logoutAck" }])).toMatchObject({
      disposition: "recorded",
      note: "guard:goal_terminate",
    });
  });
});
