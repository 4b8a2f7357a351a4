import { describe, expect, it } from "vitest";
import { connectedSession, createStage } from "../stage.js";
import { changed, codeOf } from "./asking.js";

describe("the fate of a question whose reply was lost", () => {
  it("is looked up: taken, it is waited for and never asked twice", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    stage.backend.fail("lose_answer", { on: /^POST \/asks/ });
    const ask = await session.ask("Taken?");
    await stage.until(() => stage.backend.asks.all.length === 1);
    stage.backend.asks.answer(ask.id, "yes");
    expect(await stage.pass(ask.answer)).toBe("yes");
    expect(stage.countRequests(/^POST \/asks$/)).toBe(1);
  });

  it("is looked up: not taken, it is asked again", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    stage.backend.fail("lose_request", { on: /^POST \/asks/ });
    const ask = await session.ask("Taken?");
    await stage.clock.runUntil(() => stage.backend.asks.all.length === 1);
    stage.backend.asks.answer(ask.id, "yes");
    expect(await stage.pass(ask.answer)).toBe("yes");
    expect(stage.countRequests(/^POST \/asks$/)).toBe(2);
  });

  it("is held as unknown where looking does not tell", async () => {
    const stage = createStage();
    const blind = changed(stage, ({ settle: _settle, ...facet }) => facet);
    const session = await connectedSession(stage, stage.colloquy({ providers: [blind] }));
    stage.backend.fail("lose_answer", { on: /^POST \/asks/ });
    const ask = await session.ask("Taken?");
    expect(await codeOf(stage.pass(ask.answer))).toBe("OUTCOME_UNKNOWN");
    expect(await ask.outcome).toMatchObject({ state: "unknown" });
    await stage.clock.advance(600_000);
    expect(stage.countRequests(/^POST \/asks$/)).toBe(1);
  });

  it("is looked up with the mark that was stored before it left", async () => {
    const stage = createStage();
    const seen: unknown[] = [];
    const marked = changed(stage, (facet) => ({
      ...facet,
      *mark() {
        yield* [];
        return { turns: 7 };
      },
      settle: (question, mark, context) => {
        seen.push(mark);
        return facet.settle?.(question, mark, context) as never;
      },
    }));
    const session = await connectedSession(stage, stage.colloquy({ providers: [marked] }));
    stage.backend.fail("lose_answer", { on: /^POST \/asks/ });
    const ask = await session.ask("Taken?");
    await stage.until(() => seen.length === 1);
    expect(seen).toEqual([{ turns: 7 }]);
    expect((await stage.store.asks.get(ask.id))?.mark).toEqual({ turns: 7 });
  });
});
