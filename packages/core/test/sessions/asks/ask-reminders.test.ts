import { describe, expect, it } from "vitest";
import { connectedSession, createStage } from "../stage.js";
import { changed, codeOf } from "./asking.js";

describe("somebody who does not answer", () => {
  it("is reminded a few times, and then somebody else is asked, and the first answer wins", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    const ask = await session.ask({
      text: "Hello?",
      to: "+15550101",
      remindAfterMs: 60_000,
      reminders: 2,
      escalate: { to: "+15550102", afterMs: 90_000 },
    });
    await stage.clock.advance(600_000);
    expect(stage.backend.asks.all.map(({ to, reminderCount }) => [to, reminderCount])).toEqual([
      ["+15550101", 2],
      ["+15550102", 0],
    ]);
    stage.backend.asks.answer(ask.id, "here");
    expect(await stage.pass(ask.answer)).toBe("here");
  });

  it("cannot be reminded where the provider has no way of it", async () => {
    const stage = createStage();
    const mute = changed(stage, ({ remind: _remind, ...facet }) => facet);
    const session = await connectedSession(stage, stage.colloquy({ providers: [mute] }));
    expect(await codeOf(session.ask({ text: "?", remindAfterMs: 1 }))).toBe("UNSUPPORTED");
  });
});
