import { describe, expect, it } from "vitest";
import { SendWindow } from "../../src/channel/send-window.js";
import type { Session, Shell } from "../../src/index.js";
import { type Setting, seeded, setting } from "../support/setting.js";

async function opened(): Promise<{ scene: Setting; session: Session; shell: Shell }> {
  const scene = setting();
  scene.agent.output(Buffer.from("$ "));
  const session = await scene.open();
  const shell = session.shell();
  shell.resume();
  await scene.clock.advance(50);
  return { scene, session, shell };
}

/** Every copy of input that reaches the far end, from now on. */
function copiesOfInput({ agent }: Setting): Buffer[] {
  const copies: Buffer[] = [];
  const onFrame = agent.onFrame.bind(agent);
  agent.onFrame = (far, bytes) => {
    if (bytes.toString("latin1", 4, 9) === "input") copies.push(Buffer.from(bytes));
    onFrame(far, bytes);
  };
  return copies;
}

describe("frames that are not acknowledged", () => {
  it("are sent again, byte for byte, until they are", async () => {
    const { scene, shell } = await opened();
    scene.agent.acknowledgesInput = false;
    const copies = copiesOfInput(scene);
    shell.write("ls");
    await scene.clock.advance(3000);
    expect(copies.length).toBeGreaterThan(3);
    expect(new Set(copies.map((copy) => copy.toString("hex"))).size).toBe(1);
    scene.agent.acknowledgesInput = true;
    await scene.clock.advance(1500);
    const count = copies.length;
    await scene.clock.advance(10_000);
    expect(copies).toHaveLength(count);
    expect(scene.agent.typed.toString()).toBe("ls");
  });

  it("fail the session with an unknown outcome after five minutes without any answer", async () => {
    const { scene, session, shell } = await opened();
    scene.agent.acknowledgesInput = false;
    const failed = new Promise((resolve) => shell.once("error", resolve));
    shell.write("ls");
    const end = await scene.passing(session.ended);
    expect(end).toMatchObject({ reason: "failed", error: { code: "OUTCOME_UNKNOWN" } });
    expect(await failed).toMatchObject({ code: "OUTCOME_UNKNOWN" });
    expect(scene.clock.now() - 1_700_000_000_000).toBeGreaterThan(300_000);
    expect(session.status).toBe("failed");
  });

  it("wait while the service pauses the session, and so does the clock that would give it up", async () => {
    const { scene, session, shell } = await opened();
    const copies = copiesOfInput(scene);
    scene.agent.control("pause_publication");
    await scene.clock.advance(20);
    shell.write("ls");
    await scene.clock.advance(3_600_000);
    expect(copies).toHaveLength(0);
    expect(session.status).toBe("connected");
    scene.agent.control("start_publication");
    await scene.clock.advance(50);
    expect(copies).toHaveLength(1);
    expect(scene.agent.typed.toString()).toBe("ls");
  });

  it("go on when the paused peer speaks by itself", async () => {
    const { scene, shell } = await opened();
    scene.agent.acknowledgesInput = false;
    shell.write("a");
    scene.agent.control("pause_publication");
    await scene.clock.advance(20);
    const copies = copiesOfInput(scene);
    await scene.clock.advance(5000);
    expect(copies).toHaveLength(0);
    scene.agent.acknowledgesInput = true;
    scene.agent.output(Buffer.from("here again"));
    await scene.clock.advance(50);
    expect(copies).toHaveLength(1);
  });
});

describe("the window", () => {
  const frame = Buffer.alloc(1000);
  const window = (): SendWindow => new SendWindow({ windowFrames: 10_000, windowBytes: 64 * 1024 * 1024 });

  it("never spans more than 10,000 frames, however few of them are unacknowledged", () => {
    const subject = window();
    // Everything but the oldest is acknowledged at once.
    while (subject.hasRoom) {
      const sequence = subject.nextSequence;
      subject.register(frame, 0);
      if (sequence > 0) subject.acknowledge(sequence, 1);
    }
    expect(subject.nextSequence).toBe(10_000);
    expect(subject.unackedCount).toBe(1);
    subject.acknowledge(0, 2);
    expect(subject.hasRoom).toBe(true);
  });

  it("is bounded in bytes as well", () => {
    const subject = new SendWindow({ windowFrames: 10_000, windowBytes: 10_000 });
    while (subject.hasRoom) subject.register(frame, 0);
    expect(subject.unackedBytes).toBe(10_000);
  });

  it("opens with acknowledgements and halves, once per round trip, when frames of a slow path are overdue", () => {
    const subject = window();
    const fill = (nowMs: number): number => {
      while (subject.hasRoom) subject.register(frame, nowMs);
      return subject.unackedCount;
    };
    const first = fill(0);
    for (let sequence = 0; sequence < first; sequence++) subject.acknowledge(sequence, 400);
    const second = fill(400);
    expect(second).toBe(2 * first);
    subject.resendDue(5000, () => true);
    for (let sequence = first; sequence < first + second; sequence++) subject.acknowledge(sequence, 5010);
    const third = fill(5010);
    expect(third).toBe(second / 2);
  });

  it("stops opening when round trips grow, and closes when they are far too long: that is a queue", () => {
    const subject = window();
    const roundOf = (atMs: number, rttMs: number): number => {
      const from = subject.nextSequence;
      while (subject.hasRoom) subject.register(frame, atMs);
      const count = subject.nextSequence - from;
      for (let sequence = from; sequence < from + count; sequence++) subject.acknowledge(sequence, atMs + rttMs);
      return count;
    };
    expect([roundOf(0, 40), roundOf(1000, 60), roundOf(2000, 180), roundOf(3000, 400), roundOf(4000, 40)]).toEqual([
      16, 32, 64, 64, 44,
    ]);
  });

  it("knows numbers that are not waiting", () => {
    const subject = window();
    subject.register(frame, 0);
    expect([
      subject.acknowledge(1, 0),
      subject.acknowledge(-1, 0),
      subject.acknowledge(0, 0),
      subject.acknowledge(0, 0),
    ]).toEqual([undefined, undefined, frame, undefined]);
  });

  it("resends each frame by its own clock, ten times a second on a quick path", () => {
    const subject = window();
    for (let sequence = 0; sequence < 50; sequence++) {
      subject.register(frame, sequence);
      subject.acknowledge(sequence, sequence + 5);
    }
    subject.register(Buffer.from("early"), 1000);
    subject.register(Buffer.from("late"), 1050);
    const resent: string[] = [];
    const send = (bytes: Buffer): boolean => resent.push(bytes.toString()) > 0;
    expect(subject.resendDue(1099, send)).toBe(1100);
    expect(subject.resendDue(1100, send)).toBe(1150);
    expect(subject.resendDue(1150, send)).toBe(1200);
    expect(subject.resendDue(1200, send)).toBe(1250);
    expect(resent).toEqual(["early", "late", "early"]);
  });

  it("waits longer for each copy while the path is not known to be quick", () => {
    const subject = window();
    subject.register(frame, 0);
    const dueAtMs: (number | undefined)[] = [];
    for (let nowMs: number | undefined = 0; nowMs !== undefined && nowMs < 30_000; ) {
      nowMs = subject.resendDue(nowMs, () => true);
      dueAtMs.push(nowMs);
    }
    expect(dueAtMs).toEqual([1000, 3000, 7000, 15_000, 23_000, 31_000]);
  });

  it("sends no more than 256 copies at once, and the rest soon after", () => {
    const subject = window();
    for (let index = 0; index < 600; index++) subject.register(frame, 0);
    const counts: number[] = [];
    for (const nowMs of [1000, 1010, 1020]) {
      let count = 0;
      subject.resendDue(nowMs, () => ++count > 0);
      counts.push(count);
    }
    expect(counts).toEqual([256, 256, 88]);
  });

  it("keeps its size on a quick path that loses much", () => {
    const subject = window();
    const random = seeded(4);
    for (let nowMs = 0; nowMs < 20_000; nowMs += 10) {
      subject.resendDue(nowMs, () => true);
      const sequence = subject.nextSequence;
      for (let index = 0; index < 20 && subject.hasRoom; index++) {
        subject.register(frame, nowMs);
        if (random() < 0.5) subject.acknowledge(sequence + index, nowMs + 5);
      }
      for (let old = Math.max(0, sequence - 400); old < sequence - 100; old++) subject.acknowledge(old, nowMs);
    }
    while (subject.hasRoom) subject.register(frame, 20_000);
    expect(subject.unackedCount).toBeGreaterThan(5000);
  });

  it("does not take a slow path for a fast one that loses much", () => {
    const subject = window();
    for (let index = 0; index < 50; index++) subject.register(frame, 0);
    subject.resendDue(1000, () => true);
    // The answers to the first copies, 5 ms after the second ones went out.
    for (let sequence = 0; sequence < 50; sequence++) subject.acknowledge(sequence, 1005);
    expect(subject.roundTrip.rttMs).toBeGreaterThan(990);
  });
});

describe("the window after a new connection", () => {
  it("learns the path anew from the frames that it sends again", () => {
    const subject = new SendWindow({ windowFrames: 100, windowBytes: 1_000_000 });
    for (let index = 0; index < 10; index++) subject.register(Buffer.alloc(10), 0);
    // Many copies, none acknowledged: the path looks hopeless.
    for (let nowMs = 0; nowMs < 60_000; nowMs += 500) subject.resendDue(nowMs, () => true);
    subject.expireAll();
    let count = 0;
    subject.resendDue(60_000, () => ++count > 0);
    expect(count).toBe(10);
    subject.acknowledge(0, 60_005);
    // Quick now, so the others come ten times a second.
    expect(subject.resendDue(60_005, () => true)).toBeLessThanOrEqual(60_500);
  });
});
