import { describe, expect, it } from "vitest";
import { applicableCommands } from "../../src/lifecycle/commands.js";
import { durationInWords } from "../../src/lifecycle/duration.js";
import { explain, renderExplanation } from "../../src/lifecycle/explain.js";
import { eventKinds, eventTypes } from "../../src/lifecycle/kinds.js";
import { newSnapshot } from "../../src/lifecycle/snapshot.js";
import { transitionTable } from "../../src/lifecycle/table.js";
import { transition } from "../../src/lifecycle/transition.js";
import { reasonWords } from "../../src/lifecycle/words.js";
import type { LogEntry } from "../../src/store/store.js";
import { at, dropped, expecting, opened, play, qr, startMs, traits } from "./setting.js";

const entry = (
  seq: number,
  afterMs: number,
  rest: Partial<LogEntry> & Pick<LogEntry, "event" | "from" | "to">,
): LogEntry => ({
  seq,
  sessionId: "ses_made_up",
  atMs: startMs + afterMs,
  epoch: 1,
  incarnation: 1,
  disposition: "applied",
  ...rest,
});

const log = [
  entry(1, 0, { event: "start", from: "created", to: "connecting", reason: "start_requested" }),
  entry(2, 2_000, { event: "opened", from: "connecting", to: "connected" }),
  entry(3, 9_000, {
    event: "unknownStatus",
    from: "connected",
    to: "connected",
    disposition: "recorded",
    reason: "not_applicable",
    evidence: { word: "HIBERNATING" },
  }),
  entry(4, 62_000, { event: "dropped", from: "connected", to: "reconnecting", reason: "network" }),
];

describe("an explanation", () => {
  const network = { type: "dropped", cause: { class: "transient", reason: "network" } } as const;
  const { snapshot } = play(["start", 2_000, opened, 60_000, network]);

  it("tells what the state means, since when, why, and what comes next", () => {
    expect(explain(snapshot, log, startMs + 62_400)).toMatchObject({
      state: "reconnecting",
      kind: "active",
      reason: "network",
      why: "The provider could not be reached.",
      sinceMs: startMs + 62_000,
      forMs: 400,
      timers: [{ timer: "reconnectDue", atMs: startMs + 63_000, inMs: 600, then: "the next attempt is made" }],
    });
  });

  it("tells how long each state lasted, and keeps what was only recorded", () => {
    const { timeline } = explain(snapshot, log, startMs + 62_400);
    expect(timeline.map(({ seq, changedState, lastedMs }) => ({ seq, changedState, lastedMs }))).toEqual([
      { seq: 1, changedState: true, lastedMs: 2_000 },
      { seq: 2, changedState: true, lastedMs: 60_000 },
      { seq: 3, changedState: false, lastedMs: undefined },
      { seq: 4, changedState: true, lastedMs: 400 },
    ]);
  });

  it("reads as plain text", () => {
    const text = renderExplanation(explain(snapshot, log, startMs + 62_400));
    expect(text).toBe(`reconnecting (network) for 400 ms, since 2023-11-14T22:14:22.000Z
The connection was lost and is made again.
Why: The provider could not be reached.
Asked for: online. Health: unknown.

Next: Attempts follow each other with growing pauses. Queued messages wait.
  in 600 ms: the next attempt is made

What you can do:
  - suspend: pause without unlinking
  - logout: unlink the account, keep the session
  - close: end the session at the provider for good

History:
  2023-11-14T22:13:20.000Z  start: created -> connecting [start_requested], lasted 2 s
  2023-11-14T22:13:22.000Z  opened: connecting -> connected, lasted 1 min
  2023-11-14T22:13:29.000Z  unknownStatus: stays connected [recorded, not_applicable, word=HIBERNATING]
  2023-11-14T22:14:22.000Z  dropped: connected -> reconnecting [network], lasted 400 ms
`);
  });

  it("puts first what a person must do", () => {
    const fatal = {
      type: "dropped",
      cause: { class: "fatal", reason: "credential_rejected", userAction: "Create a new token." },
    } as const;
    const failed = explain(play(["start", fatal]).snapshot, []);
    expect(failed.advice[0]).toBe("Create a new token.");
    expect(failed.why).toBe("The provider refused the token or key.");
  });

  it("tells a cause beside the reason when they differ, also one that it has no words for", () => {
    expect(explain(play(["start", dropped("yield")]).snapshot, []).why).toBe(
      "The provider paused or ended it. Cause: yield_trouble (yield).",
    );
  });

  it("does not tell which account is linked", () => {
    const { snapshot: mismatched } = play([expecting("+15550999"), "pair", opened]);
    const text = renderExplanation(explain(mismatched, []));
    expect(text).toContain("Another account than the expected one was linked.");
    expect(text).not.toMatch(/1555/);
  });

  it("does not claim an end for a final state", () => {
    const { snapshot: failed } = play(["start", dropped("fatal")]);
    const [only] = explain(
      failed,
      [entry(1, 0, { event: "dropped", from: "connecting", to: "failed" })],
      startMs + 5_000,
    ).timeline;
    expect(only?.lastedMs).toBeUndefined();
  });

  it("shows an overdue timer as overdue", () => {
    const text = renderExplanation(explain(snapshot, [], startMs + 70_000));
    expect(text).toContain("7 s overdue: the next attempt is made");
  });

  it("shows restrictions and attempts", () => {
    const restricted = {
      type: "restrictionChanged",
      restrictions: [{ kind: "quota", scope: "send", untilMs: startMs + 1_000 }],
    } as const;
    const text = renderExplanation(
      explain(play(["start", dropped("transient"), "reconnectDue", restricted]).snapshot, []),
    );
    expect(text).toContain("Attempts since it was last connected: 1.");
    expect(text).toContain("Restricted: quota (send) until 2023-11-14T22:13:21.000Z");
  });

  it("has words for every reason that the table gives", () => {
    const reasons = transitionTable.flatMap(({ reason }) =>
      reason === undefined || reason.startsWith("=") ? [] : [reason],
    );
    expect(reasons.filter((reason) => reasonWords[reason] === undefined)).toEqual([]);
  });
});

describe("the commands that apply", () => {
  it("are those that the reducer does not refuse and that would change something", () => {
    expect(applicableCommands(newSnapshot(startMs), traits)).toEqual(["start", "pair", "close"]);
    expect(applicableCommands(play(["pair", qr]).snapshot, traits)).toEqual([
      "cancelPairing",
      "suspend",
      "logout",
      "close",
    ]);
    expect(applicableCommands(play(["start", opened]).snapshot, { ...traits, disconnectUnpairs: true })).toEqual([
      "logout",
      "close",
    ]);
  });

  it("agree with the reducer in every state", () => {
    const commands = eventTypes.filter((type) => eventKinds[type] === "command");
    for (const steps of [
      ["start"],
      ["pair", qr],
      ["start", opened],
      ["start", "logout"],
      ["start", dropped("fatal")],
      ["start", dropped("yield")],
    ] as const) {
      const { snapshot } = play(steps);
      const refused = commands.filter(
        (type) => transition(snapshot, { type } as never, at(startMs)).disposition === "refused",
      );
      expect(applicableCommands(snapshot, traits).filter((command) => refused.includes(command))).toEqual([]);
      expect(refused.length).toBeGreaterThan(0);
    }
  });
});

describe("a duration in words", () => {
  it.each([
    [0, "0 ms"],
    [999, "999 ms"],
    [90_000, "1 min 30 s"],
    [3_600_000, "1 h"],
    [-7_000, "7 s"],
    [200_000_000, "2 d 7 h"],
  ])("%d is %s", (ms, words) => expect(durationInWords(ms)).toBe(words));
});
