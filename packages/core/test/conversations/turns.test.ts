import { describe, expect, it } from "vitest";
import { flushMs } from "../../src/conversations/growing-message.js";
import type { Turn } from "../../src/conversations/index.js";
import { abandonedAfterMs } from "../../src/conversations/turn-history.js";
import { memoryStore } from "../../src/store/memory.js";
import { type Asked, type Feed } from "./feed.js";
import { scriptedModel, settle, type Talking, talking } from "./talking.js";

async function nextAsked(feed: Feed, place: number): Promise<Asked> {
  for (let turn = 0; turn < 50 && !feed.asked[place]; turn++) await settle();
  const found = feed.asked[place];
  if (!found) throw new Error(`Nothing was asked a ${place + 1}. time.`);
  return found;
}

async function transcript({ colloquy }: Talking, id: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { role, status, content } of colloquy.conversations.read(id))
    lines.push(`${role} ${status}: ${content}`);
  return lines;
}

const failing = (turn: Turn): Promise<{ readonly code?: string; readonly name: string; readonly message: string }> =>
  turn.then(
    () => expect.fail("The turn should have failed."),
    (error: unknown) => error as never,
  );

/** Takes one whole turn. */
async function exchange(stage: Talking, id: string, prompt: string, answer: string): Promise<void> {
  const place = stage.feed.asked.length;
  const turn = stage.colloquy.conversations.execute(id, { prompt });
  const asked = await nextAsked(stage.feed, place);
  asked.say(answer, "end");
  asked.end();
  await turn;
}

describe("a turn", () => {
  it("stores the prompt before a model is asked, and the answer while it grows", async () => {
    const stage = talking();
    const { id } = await stage.colloquy.conversations.create();
    const turn = stage.colloquy.conversations.execute(id, { prompt: "Hello?" });
    const asked = await nextAsked(stage.feed, 0);
    expect(await transcript(stage, id)).toEqual(["user complete: Hello?", "assistant streaming: "]);
    asked.say("Good ", "day");
    await settle();
    await stage.clock.advance(flushMs);
    expect(await transcript(stage, id)).toEqual(["user complete: Hello?", "assistant streaming: Good day"]);
    asked.say("!", "usage 3", "end");
    asked.end();
    const result = await turn;
    expect(result).toMatchObject({
      response: "Good day!",
      modelId: "scripted:one",
      usage: { outputTokens: 3 },
      routingDecision: { selected: "scripted:one", tried: [{ outcome: "answered" }] },
      isRepetition: false,
    });
    expect(await transcript(stage, id)).toEqual(["user complete: Hello?", "assistant complete: Good day!"]);
    expect(stage.clock.armed).toBe(0);
  });

  it("gives its tokens as they come, and keeps them until somebody reads", async () => {
    const stage = talking();
    const { id } = await stage.colloquy.conversations.create();
    const turn = stage.colloquy.conversations.execute(id, { prompt: "Count." });
    const asked = await nextAsked(stage.feed, 0);
    asked.say("one ", "two ");
    await settle();
    const tokens = turn[Symbol.asyncIterator]();
    expect((await tokens.next()).value).toBe("one ");
    expect((await tokens.next()).value).toBe("two ");
    const third = tokens.next();
    asked.say("three", "end");
    expect((await third).value).toBe("three");
    asked.end();
    expect((await tokens.next()).done).toBe(true);
    expect((await turn).response).toBe("one two three");
  });

  it("that is left early ends as aborted, with what came, and cuts the model off", async () => {
    const stage = talking();
    const { id } = await stage.colloquy.conversations.create();
    const turn = stage.colloquy.conversations.execute(id, { prompt: "Go on and on." });
    const asked = await nextAsked(stage.feed, 0);
    asked.say("on ", "and ");
    for await (const token of turn) if (token === "and ") break;
    expect((await failing(turn)).name).toBe("AbortError");
    expect(asked.isAborted()).toBe(true);
    expect(await transcript(stage, id)).toEqual(["user complete: Go on and on.", "assistant aborted: on and "]);
  });

  it("that fails keeps what came and why beside it, never as an answer", async () => {
    const stage = talking();
    const { id } = await stage.colloquy.conversations.create();
    const turn = stage.colloquy.conversations.execute(id, { prompt: "Hello?" });
    const asked = await nextAsked(stage.feed, 0);
    asked.say("Good ");
    await settle();
    asked.cut();
    expect(await failing(turn)).toMatchObject({ code: "OUTCOME_UNKNOWN" });
    const { messages } = await stage.colloquy.conversations.messages(id);
    expect(messages[1]).toMatchObject({ content: "Good ", status: "failed", error: { code: "OUTCOME_UNKNOWN" } });
    await exchange(stage, id, "Again?", "Yes.");
    expect(stage.feed.asked[1]?.messages).toEqual(["user: Hello?", "user: Again?"]);
  });

  it("asks the next model when the first fails before its first word, and tells of both", async () => {
    const stage = talking({ models: [scriptedModel("one"), scriptedModel("two")] });
    const { id } = await stage.colloquy.conversations.create();
    const turn = stage.colloquy.conversations.execute(id, { prompt: "Hello?" });
    (await nextAsked(stage.feed, 0)).say("error of the first");
    const second = await nextAsked(stage.feed, 1);
    expect(second.host).toBe("two.test");
    second.say("Here I am.", "end");
    second.end();
    const { routingDecision, message } = await turn;
    expect(routingDecision).toMatchObject({
      selected: "scripted:two",
      tried: [
        { modelId: "scripted:one", outcome: "failed", code: "PROVIDER_UNAVAILABLE" },
        { modelId: "scripted:two", outcome: "answered" },
      ],
    });
    expect(message.metadata?.["tried"]).toHaveLength(2);
  });

  it("does not go to the next model once a word was told", async () => {
    const stage = talking({ models: [scriptedModel("one"), scriptedModel("two")] });
    const { id } = await stage.colloquy.conversations.create();
    const turn = stage.colloquy.conversations.execute(id, { prompt: "Hello?" });
    const asked = await nextAsked(stage.feed, 0);
    asked.say("Good ");
    await settle();
    asked.say("error afterwards");
    expect(await failing(turn)).toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    expect(stage.feed.asked).toHaveLength(1);
  });

  it("does not wait for the limit of one model while another is left", async () => {
    const stage = talking({ models: [scriptedModel("one"), scriptedModel("two")] });
    const { id } = await stage.colloquy.conversations.create();
    const turn = stage.colloquy.conversations.execute(id, { prompt: "Hello?" });
    (await nextAsked(stage.feed, 0)).refuse(429, {}, { "retry-after": "60" });
    const second = await nextAsked(stage.feed, 1);
    expect(second.host).toBe("two.test");
    second.say("At once.", "end");
    second.end();
    expect((await turn).routingDecision.tried[0]).toMatchObject({ code: "RATE_LIMITED", outcome: "failed" });
  });

  it("of one conversation waits for the one before it; others do not", async () => {
    const stage = talking();
    const { conversations } = stage.colloquy;
    const [a, b] = [await conversations.create(), await conversations.create()];
    const turns = [
      conversations.execute(a.id, { prompt: "First." }),
      conversations.execute(a.id, { prompt: "Second." }),
      conversations.execute(b.id, { prompt: "Elsewhere." }),
    ];
    await nextAsked(stage.feed, 1);
    expect(stage.feed.asked.map(({ messages }) => messages.at(-1))).toEqual(["user: First.", "user: Elsewhere."]);
    for (const place of [0, 1, 2]) {
      const asked = await nextAsked(stage.feed, place);
      asked.say("Done.", "end");
      asked.end();
    }
    await Promise.all(turns);
    expect(stage.feed.asked[2]?.messages).toEqual(["user: First.", "assistant: Done.", "user: Second."]);
  });

  it("of the same request is answered once; one that failed is asked again in its place", async () => {
    const stage = talking();
    const { conversations } = stage.colloquy;
    const { id } = await conversations.create();
    const options = { prompt: "Hello?", requestId: "req-1" };
    const broken = conversations.execute(id, options);
    const first = await nextAsked(stage.feed, 0);
    first.say("Go");
    await settle();
    first.cut();
    await failing(broken);
    const mended = conversations.execute(id, options);
    const second = await nextAsked(stage.feed, 1);
    expect(second.messages).toEqual(["user: Hello?"]);
    second.say("Good day.", "end");
    second.end();
    expect((await mended).response).toBe("Good day.");
    const repeated = await conversations.execute(id, options);
    expect(repeated).toMatchObject({ response: "Good day.", isRepetition: true });
    expect(stage.feed.asked).toHaveLength(2);
    expect(await transcript(stage, id)).toEqual(["user complete: Hello?", "assistant complete: Good day."]);
    expect(await failing(conversations.execute(id, { ...options, prompt: "Other?" }))).toMatchObject({
      code: "STORE_CONFLICT",
    });
  });

  it("names what is wrong before anything is stored: session, model, prompt, size", async () => {
    const stage = talking({ models: [scriptedModel("one", { contextTokens: 50 })] });
    const { conversations } = stage.colloquy;
    const { id } = await conversations.create();
    const codes = await Promise.all(
      [
        conversations.execute("con_unknown", { prompt: "Hello?" }),
        conversations.execute(id, { prompt: "Hello?", modelId: "scripted:none" }),
        conversations.execute(id, { prompt: " " }),
        conversations.execute(id, { prompt: "Hello?", maxTokens: 0 }),
        conversations.execute(id, { prompt: "Hello?", providerId: "nobody" }),
        conversations.execute(id, { prompt: "x".repeat(400) }),
      ].map(async (turn) => (await failing(turn)).code),
    );
    expect(codes).toEqual([
      "SESSION_NOT_FOUND",
      "INPUT_INVALID",
      "INPUT_INVALID",
      "INPUT_INVALID",
      "PROVIDER_UNKNOWN",
      "MESSAGE_TOO_LONG",
    ]);
    expect(await transcript(stage, id)).toEqual([]);
    expect(stage.feed.asked).toHaveLength(0);
  });

  it("settles what an earlier process left streaming, once it is old", async () => {
    const stage = talking();
    const { conversations } = stage.colloquy;
    const { id } = await conversations.create();
    await conversations.append(id, [
      { role: "user", content: "Hello?" },
      { role: "assistant", content: "Half an", status: "streaming" },
    ]);
    await stage.clock.advance(abandonedAfterMs);
    await exchange(stage, id, "Still there?", "Yes.");
    expect((await transcript(stage, id))[1]).toBe("assistant aborted: Half an");
  });

  it("ends as aborted at a shutdown, and that is stored", async () => {
    const store = memoryStore();
    const stage = talking({ store });
    const { id } = await stage.colloquy.conversations.create();
    const turn = stage.colloquy.conversations.execute(id, { prompt: "Hello?" });
    (await nextAsked(stage.feed, 0)).say("Good ");
    await settle();
    await Promise.all([stage.colloquy.shutdown({ graceMs: 0 }), failing(turn)]);
    await store.open();
    const page = await store.transcripts?.page(id);
    expect(page?.messages.at(-1)).toMatchObject({ content: "Good ", status: "aborted" });
  });
});

describe("a tokenizer", () => {
  it("is loaded only when the conversation could be over the budget, and then counts", async () => {
    let loadCount = 0;
    const tokens = async (): Promise<{ isExact: boolean; count: (text: string) => number }> => {
      loadCount++;
      return { isExact: true, count: (text) => text.split(" ").length };
    };
    const stage = talking({ models: [scriptedModel("one", { contextTokens: 200, tokens })] });
    const { id } = await stage.colloquy.conversations.create();
    await exchange(stage, id, "Short.", "Yes.");
    expect(loadCount).toBe(0);
    for (const prompt of ["many words ".repeat(20), "and more words ".repeat(20)])
      await exchange(stage, id, prompt, "Yes.");
    expect(loadCount).toBe(1);
    // By its bytes alone it would not have fitted; by its tokens all of it does.
    expect(stage.feed.asked.at(-1)?.messages).toHaveLength(5);
  });
});
