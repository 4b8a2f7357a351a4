import { describe, expect, it } from "vitest";
import type { SessionState } from "../../src/contract/index.js";
import { nonFinalStates, sessionStates } from "../../src/lifecycle/kinds.js";
import { canReach } from "../../src/lifecycle/reachability.js";
import { newSnapshot } from "../../src/lifecycle/snapshot.js";
import { transition } from "../../src/lifecycle/transition.js";
import { seededRandom } from "../../src/random.js";
import { at, dropped, expecting, opened, play, qr, type Step, startMs } from "./setting.js";

const ban = { type: "paused", reason: "ban", untilMs: startMs + 60_000 } as const;

describe("whether a state can still be reached without another command", () => {
  it.each<[boolean, string, SessionState, readonly Step[]]>([
    [true, "a session that is connecting", "connected", ["start"]],
    [true, "a pairing", "connected", ["pair", qr]],
    [true, "a session that is reconnecting", "connected", ["start", dropped("transient")]],
    [true, "a pause with a known end", "connected", ["start", opened, ban]],
    [false, "a pause with a known end that the caller wants offline", "connected", ["start", opened, ban, "suspend"]],
    [false, "a pause without a known end", "connected", ["start", opened, dropped("yield")]],
    [false, "a session suspended from here", "connected", ["start", opened, "suspend"]],
    [false, "an unlinked session", "connected", ["pair", qr, "pairingDeadline"]],
    [false, "a mismatch", "connected", [expecting("+15550999"), "start", opened]],
    [false, "a logout under way", "connected", ["start", opened, "logout"]],
    [true, "a logout under way", "unlinked", ["start", opened, "logout"]],
    [true, "a logout under way", "suspended", ["start", opened, "logout"]],
    [false, "a close under way", "unlinked", ["start", opened, "close"]],
    [true, "a close under way", "terminated", ["start", opened, "close"]],
    [false, "a human ask", "connected", ["start", { type: "asked" }]],
    [true, "a human ask", "completed", ["start", { type: "asked" }]],
    [false, "a failed session", "connected", ["start", dropped("fatal")]],
    [true, "a failed session", "failed", ["start", dropped("fatal")]],
    [false, "a session opened without a consumer", "pairing", ["start"]],
    [true, "a session opened for pairing", "pairing", ["pair"]],
    [false, "a connected session", "closing", ["start", opened]],
  ])("is %s for %s: %s", (expected, _name, target, steps) => {
    expect(canReach(play(steps).snapshot, target)).toBe(expected);
  });

  it("is true for a session just created, which a provider may connect by itself", () => {
    expect(canReach(newSnapshot(startMs), "connected")).toBe(true);
    expect(canReach(newSnapshot(startMs), "expired")).toBe(true);
  });

  it("is always true for the state it is in", () => {
    for (const state of sessionStates) expect(canReach({ ...newSnapshot(startMs), state }, state)).toBe(true);
  });

  it("leaves every session that has not ended a way to `terminated`", () => {
    const stuck = nonFinalStates.filter((state) => !canReach({ ...newSnapshot(startMs), state }, "terminated"));
    expect(stuck).toEqual([]);
  });

  it("never says no to what then happens", () => {
    const random = seededRandom(20);
    const events = [
      opened,
      qr,
      dropped("transient"),
      dropped("yield"),
      dropped("bounded"),
      dropped("progress"),
      ban,
      { type: "paired" },
      { type: "restored" },
    ] as const;
    const targets: readonly SessionState[] = ["pairing", "reconnecting", "suspended", "connecting"];
    for (const first of ["start", "pair"] as const)
      for (let round = 0; round < 300; round++) {
        let { snapshot } = play([first]);
        const foreseen = new Map(targets.map((target) => [target, canReach(snapshot, target)]));
        for (let step = 0; step < 6; step++) {
          const event = events[Math.floor(random() * events.length)] as (typeof events)[number];
          snapshot = transition(snapshot, event, at(startMs)).snapshot;
          if (foreseen.get(snapshot.state) === false) throw new Error(`${snapshot.state} was called unreachable`);
        }
      }
    expect(canReach(play(["start"]).snapshot, "pairing")).toBe(false);
  });
});
