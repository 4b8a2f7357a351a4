import assert from "node:assert/strict";
import type { Ask, Session } from "@colloquy/core";
import { eventually, failure } from "./expect.js";
import { asks, type ProviderCase, type ProviderCaseContext } from "./provider-case.js";
import { vary } from "./vary.js";
import type { PeopleWhoAnswer } from "./world.js";

const patience = { timeoutMs: 4_000 };

function peopleOf({ world }: ProviderCaseContext): PeopleWhoAnswer {
  assert.ok(world.asks, "A world whose provider declares `ask` must say who answers.");
  return world.asks;
}

/** A question that was taken, and somebody who may answer it. */
async function taken(context: ProviderCaseContext, session: Session, changes: object = {}): Promise<Ask> {
  const { question, count } = peopleOf(context);
  const before = count();
  const ask = await session.ask({ ...question, ...changes });
  await eventually(() => count() > before, "the service takes the question");
  return ask;
}

export const askCases: readonly ProviderCase[] = [
  {
    title: "a question is put once, and its answer comes back",
    applies: asks,
    run: async (context) => {
      const { answer, count, question } = peopleOf(context);
      const session = await context.connected();
      const ask = await taken(context, session, { id: "ask_one" });
      const again = await session.ask({ ...question, id: "ask_one" });
      await answer("ask_one", "indigo");
      assert.match(JSON.stringify(await ask.wait(patience)), /indigo/i);
      assert.equal(await again.state(), "answered");
      assert.equal(count(), 1);
    },
  },
  {
    title: "an answer that was given before anybody waits is delivered once",
    applies: asks,
    run: async (context) => {
      const session = await context.connected();
      const ask = await taken(context, session);
      await peopleOf(context).answer(ask.id, "indigo");
      await until(async () => (await ask.state()) === "answered");
      const other = context.colloquy(vary(context.provider, {}));
      assert.match(JSON.stringify(await (await other.asks.resume(ask.id)).wait(patience)), /indigo/i);
      await failure(ask.wait(patience), "ASK_DELIVERED", "a second waiter");
    },
  },
  {
    title: "a question goes on in another process, and hears what was answered while nobody ran",
    applies: asks,
    needs: "answerLater",
    run: async (context) => {
      const first = context.colloquy(vary(context.provider, {}));
      const made = await context.connected();
      const ask = await taken(context, await first.sessions.get(made.id));
      await eventually(() => peopleOf(context).count() === 1, "the question is out");
      await until(async () => (await ask.state()) === "pending");
      await first.shutdown({ graceMs: 0 });
      await context.store.open();
      await peopleOf(context).answer(ask.id, "indigo");
      const later = await context.colloquy().asks.resume(ask.id);
      assert.match(JSON.stringify(await later.wait(patience)), /indigo/i);
      assert.equal(peopleOf(context).count(), 1);
    },
  },
  {
    title: "of two answers the first one wins",
    applies: asks,
    needs: "answerLater",
    run: async (context) => {
      const ask = await taken(context, await context.connected());
      await peopleOf(context).answer(ask.id, "indigo");
      assert.match(JSON.stringify(await ask.wait(patience)), /indigo/i);
      await Promise.resolve(peopleOf(context).answer(ask.id, "vermilion")).catch(() => {});
      const [row] = await context.colloquy().asks.list({ states: ["answered"] });
      assert.match(JSON.stringify(row?.result?.answer), /indigo/i);
    },
  },
  {
    title: "a question that nobody answers expires at its deadline",
    applies: asks,
    needs: "answerLater",
    run: async (context) => {
      const ask = await taken(context, await context.connected(), { deadlineMs: 400 });
      await failure(ask.wait(patience), "ASK_EXPIRED", "no answer");
      assert.equal(await ask.state(), "expired");
    },
  },
  {
    title: "a question whose reply was lost is never put twice: its answer comes, or it is held as unknown",
    applies: asks,
    needs: "loseNextAsk",
    run: async (context) => {
      const { answer, count, loseNextReply } = peopleOf(context);
      const session = await context.connected();
      loseNextReply();
      const ask = await taken(context, session);
      await until(async () => (await ask.state()) !== "asking");
      await answer(ask.id, "indigo");
      const outcome = await ask.outcome;
      if (outcome.state === "answered") assert.match(JSON.stringify(outcome.answer), /indigo/i);
      else assert.equal(outcome.state, "unknown");
      assert.equal(count(), 1);
    },
  },
  {
    title: "a question that cannot go out is refused with nothing on the wire",
    applies: asks,
    run: async (context) => {
      const { wrongQuestion, count } = peopleOf(context);
      const session = await context.connected();
      await failure(session.ask(wrongQuestion), "INPUT_INVALID", "a wrong question");
      assert.equal(count(), 0);
    },
  },
];

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 400; look++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail("It never held, within 4,000 ms");
}
