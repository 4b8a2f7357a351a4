import { describe, expect, it } from "vitest";
import { migrateSnapshot } from "../../src/lifecycle/migrate.js";
import { opened, play, startMs } from "./setting.js";

const { snapshot: connected } = play(["start", opened]);
const later = startMs + 1_000;

describe("reading a stored snapshot", () => {
  it("gives back one of this version as it is", () => {
    expect(migrateSnapshot(connected, later)).toBe(connected);
    const { snapshot: pairing } = play([
      "pair",
      { type: "challengeIssued", challenge: { kind: "qr", artefact: "made-up" } },
    ]);
    const stored: unknown = JSON.parse(JSON.stringify(pairing));
    expect(migrateSnapshot(stored, later)).toBe(stored);
  });

  it.each([
    ["without a version", { ...connected, version: undefined }],
    ["of a newer version", { ...connected, version: 2 }],
    ["in an unknown state", { ...connected, state: "hibernating" }],
  ])("lets one rest that is %s, with what could be read", (_name, raw) => {
    const snapshot = migrateSnapshot(raw, later);
    expect(snapshot).toMatchObject({
      version: 1,
      state: "suspended",
      reason: "unknown_snapshot",
      since: later,
      intent: "online",
      generation: connected.generation,
      identity: connected.identity,
      timers: {},
      pairingConsumer: false,
    });
  });

  it("keeps a final state final, whatever the version", () => {
    expect(migrateSnapshot({ ...connected, version: 9, state: "terminated" }, later).state).toBe("terminated");
  });

  it.each([[null], [undefined], [42], ["connected"], [[]], [{}]])(
    "lets a session rest offline whose snapshot is %j",
    (raw) => {
      expect(migrateSnapshot(raw, later)).toMatchObject({
        state: "suspended",
        intent: "offline",
        reason: "unknown_snapshot",
      });
    },
  );

  it("leaves out single fields that cannot be read", () => {
    const damaged = {
      ...connected,
      health: "fine",
      timers: { livenessDue: "soon", ttlDue: later },
      identity: { id: 7 },
      attempt: -1,
    };
    const snapshot = migrateSnapshot(damaged, later);
    expect(snapshot).toMatchObject({
      state: "connected",
      attempt: 0,
      health: { status: "unknown" },
      timers: { ttlDue: later },
    });
    expect(snapshot.identity).toBeUndefined();
  });
});
