import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { memoryStore, type Store } from "@colloquy/core";
import { sqliteStore } from "@colloquy/store-sqlite";
import { describe, expect, it } from "vitest";
import { codeOf, folder, startTalk } from "./support/talk.js";

const stores: readonly (readonly [string, () => Promise<Store>])[] = [
  ["memory", async () => memoryStore()],
  ["sqlite", async () => sqliteStore(join(await folder(), "talk.db"))],
];

describe.each(stores)("the calls of Oblix over %s", (_name, open) => {
  it("make, use, load, list, change and delete sessions", async () => {
    const { client } = await startTalk({ store: await open() });
    const support = await client.createSession({
      title: "Customer Support Chat",
      initialContext: { customer_id: "cust_123" },
      metadata: { category: "support", priority: "high", owner: null },
    });
    const demo = await client.createAndUseSession("Product Demo Session");
    expect(client.currentSessionId).toBe(demo);
    await client.useSession(support);
    await client.execute({ prompt: "My name is John" });
    expect(await client.loadSession(support)).toMatchObject({
      id: support,
      title: "Customer Support Chat",
      messageCount: 2,
      context: { customer_id: "cust_123" },
      metadata: { category: "support", priority: "high" },
      messages: [
        { role: "user", content: "My name is John" },
        { role: "assistant", content: "Nice to meet you, John!", status: "complete" },
      ],
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    });
    expect((await client.listSessions({ limit: 10 })).map(({ id }) => id)).toEqual([support, demo]);
    const found = await client.listSessions({ filterMetadata: { category: "support", priority: "high", owner: null } });
    expect(found.map(({ id }) => id)).toEqual([support]);
    expect(await client.updateSessionMetadata(support, { status: "resolved", priority: null })).toEqual({
      category: "support",
      status: "resolved",
    });
    expect(await client.getSessionMetadata(support)).toEqual({ category: "support", status: "resolved" });
    await client.deleteSession(support);
    expect(client.currentSessionId).toBeUndefined();
    expect(await codeOf(client.deleteSession(support))).toBe("SESSION_NOT_FOUND");
    const [first, second] = await Promise.all([client.listSessionsPage({ limit: 1 }), client.listSessions()]);
    expect({ ids: first.sessions.map(({ id }) => id), cursor: first.cursor, all: second.length }).toEqual({
      ids: [demo],
      cursor: undefined,
      all: 1,
    });
  });

  it("copy, fork, merge and search sessions, with what they came from", async () => {
    const { client } = await startTalk({ store: await open() });
    const one = await client.createSession({ title: "One", metadata: { team: "a" }, initialContext: { plan: "gold" } });
    const first = await client.saveMessage(one, "My name is Ada");
    await client.saveMessage(one, "Nice to meet you, Ada!", { role: "assistant" });
    const copy = await client.copySession(one, { useImmediately: true });
    expect(client.currentSessionId).toBe(copy);
    expect(await client.loadSession(copy)).toMatchObject({
      title: "Copy of One",
      messageCount: 2,
      context: { plan: "gold" },
    });
    const fork = await client.copySession(one, { newTitle: "Up to the name", untilMessageId: first });
    expect((await client.loadSession(fork)).messages.map(({ content }) => content)).toEqual(["My name is Ada"]);
    const two = await client.createSession({ title: "Two", metadata: { level: 2 } });
    await client.saveMessage(two, "Something about zebras");
    const merged = await client.mergeSessionsReport([one, two, copy, "con_unknown"], { title: "All" });
    expect(merged).toMatchObject({ missing: ["con_unknown"], duplicateCount: 2 });
    expect(await client.loadSession(merged.sessionId)).toMatchObject({
      messageCount: 3,
      metadata: { team: "a", level: 2 },
      context: { plan: "gold" },
      messages: [{ sourceSessionId: one }, { sourceSessionId: one }, { sourceSessionId: two }],
    });
    expect(await codeOf(client.mergeSessions([]))).toBe("INPUT_INVALID");
    const hits = await client.searchSessions("zebras");
    expect(new Map(hits.map(({ id, matchType }) => [id, matchType]))).toEqual(
      new Map([
        [two, "content"],
        [merged.sessionId, "content"],
      ]),
    );
    expect((await client.searchSessions("two"))[0]).toMatchObject({ id: two, matchType: "title" });
  });

  it("export and import sessions by file, and never overwrite one without a word", async () => {
    const { client } = await startTalk({ store: await open() });
    const id = await client.createSession({ title: "To keep", metadata: { tag: "x" } });
    await client.execute({ prompt: "My name is John", sessionId: id });
    const before = await client.loadSession(id);
    const path = join(await folder(), "deep", "down", "session.jsonl");
    await client.exportSession(id, path);
    expect(await codeOf(client.importSession(path))).toBe("STORE_CONFLICT");
    expect(await client.importSession(path, { policy: "keep" })).toBe(id);
    const anew = await client.importSession(path, { newId: true, useImmediately: true });
    expect(anew).not.toBe(id);
    expect(client.currentSessionId).toBe(anew);
    await client.saveMessage(id, "Written after the export");
    expect(await client.importSession(path, { policy: "replace" })).toBe(id);
    expect(await client.loadSession(id)).toEqual(before);
    expect((await client.loadSession(anew)).messages).toEqual(before.messages);
  });
});

describe("the flaws of Oblix", () => {
  it("one current session for everybody: two requests at once keep to their own scopes", async () => {
    const { client } = await startTalk();
    const names = ["Ada", "Grace", "Edsger"];
    const heard = await Promise.all(
      names.map(async (name) => {
        const request = client.scope();
        await request.createAndUseSession();
        await request.execute({ prompt: `My name is ${name}` });
        return (await request.execute({ prompt: "What is my name?" })).response;
      }),
    );
    expect(heard).toEqual(names.map((name) => `Your name is ${name}.`));
    expect(client.currentSessionId).toBeUndefined();
  });

  it("an unknown session answers and stores nothing: it fails, with no model asked", async () => {
    const { client, models } = await startTalk();
    expect(await codeOf(client.execute({ prompt: "Hello?", sessionId: "con_unknown" }))).toBe("SESSION_NOT_FOUND");
    expect(await codeOf(client.useSession("con_unknown"))).toBe("SESSION_NOT_FOUND");
    expect(await codeOf(client.loadSession("con_unknown"))).toBe("SESSION_NOT_FOUND");
    expect(models.requests).toHaveLength(0);
  });

  it("an id is a path: here it is only ever compared", async () => {
    const { client, colloquy } = await startTalk();
    for (const id of ["../../etc/passwd", "..\\..\\secrets", "/etc/passwd", "."])
      expect(await codeOf(client.loadSession(id))).toBe("SESSION_NOT_FOUND");
    expect(await codeOf(colloquy.conversations.create({ id: "with\u0000zero" }))).toBe("INPUT_INVALID");
    const path = join(await folder(), "evil.json");
    const record = {
      id: "../../outside",
      title: "Evil",
      created_at: "2026-01-01T00:00:00Z",
      updated_at: "2026-01-01T00:00:00Z",
    };
    await writeFile(path, JSON.stringify({ ...record, messages: [] }));
    expect(await client.importSession(path)).toBe("../../outside");
    expect((await client.loadSession("../../outside")).title).toBe("Evil");
  });

  it("the context is stored and never used: here the model is told", async () => {
    const { client, models } = await startTalk();
    const sessionId = await client.createSession({ initialContext: { note: "The user's name is Ada" } });
    expect((await client.execute({ prompt: "What is my name?", sessionId })).response).toBe("Your name is Ada.");
    expect(models.calls[0]?.messages[0]?.role).toBe("system");
  });

  it("the model of a call cannot be chosen: here it can", async () => {
    const { client, models } = await startTalk();
    await client.execute({ prompt: "Hello?", modelId: "openai:gpt-4o" });
    expect(models.calls.map(({ api }) => api)).toEqual(["openai"]);
    expect(client.listModels()).toContain("openai:gpt-4o");
  });

  it("no retry elsewhere when the chosen model fails: here the next one answers, and the decision tells why", async () => {
    const { client, models } = await startTalk();
    models.set({ down: ["ollama"] });
    const { modelId, routingDecision } = await client.execute({ prompt: "Count to 3" });
    expect(modelId).toBe("anthropic:claude-haiku-5-5");
    expect(routingDecision.tried.map(({ modelId: id, outcome }) => [id, outcome])).toEqual([
      ["ollama:llama3.2", "failed"],
      ["anthropic:claude-haiku-5-5", "answered"],
    ]);
  });

  it("every turn waits for measurements: here one that never ends delays no answer", async () => {
    const { client } = await startTalk({
      agents: [
        {
          name: "stuck",
          maxAgeMs: 1,
          measure: () => new Promise(() => {}),
          judge: () => ({ state: "unknown", target: "unknown", reason: "not measured yet" }),
        },
      ],
    });
    const { response, agentChecks } = await client.execute({ prompt: "Count to 3" });
    expect({ response, agentChecks }).toEqual({
      response: "1 2 3",
      agentChecks: [{ agent: "stuck", result: { state: "unknown", target: "unknown", reason: "not measured yet" } }],
    });
  });

  it("keys stand in a file in plain text: here they are in none, and neither is an endpoint", async () => {
    const path = await folder();
    const { client, models } = await startTalk({ store: sqliteStore(join(path, "talk.db")) });
    await client.execute({ prompt: "Count to 3", modelId: "openai:gpt-4o" });
    for (const name of await readdir(path)) {
      const bytes = await readFile(join(path, name), "latin1");
      expect(bytes.includes(models.openai.apiKey) || bytes.includes(models.openai.baseUrl), name).toBe(false);
    }
  });

  it("twenty changes of metadata at once keep one: here all twenty", async () => {
    const { client } = await startTalk({ store: sqliteStore(join(await folder(), "talk.db")) });
    const id = await client.createSession();
    await Promise.all(
      Array.from({ length: 20 }, (_, place) => client.updateSessionMetadata(id, { [`key${place}`]: place })),
    );
    expect(Object.keys(await client.getSessionMetadata(id))).toHaveLength(20);
  });

  it("the first exchange of a chat is lost: here it is in the session, and the commands work", async () => {
    const { client } = await startTalk();
    const other = await client.createSession("Another one");
    const written: string[] = [];
    const lines = [
      "What is my name?",
      "",
      "/list",
      "/load con_unknown",
      `/load ${other}`,
      "Count to 2",
      "exit",
      "never read",
    ];
    const { sessionId } = await client.execute({
      prompt: "My name is John",
      chat: {
        input: (async function* () {
          yield* lines;
        })(),
        write: (text) => void written.push(text),
      },
    });
    expect(sessionId).toBe(other);
    const said = written.join("");
    expect(said).toContain("Your name is John.");
    expect(said).toContain("Another one (0 messages");
    expect(said).toContain("SESSION_NOT_FOUND");
    const chatted = (await client.listSessions()).find(({ id }) => id !== other);
    expect(chatted?.messageCount).toBe(4);
    expect((await client.loadSession(other)).messageCount).toBe(2);
  });
});

describe("the extras", () => {
  it("tell what a model would be given, how a session stands and how it reads", async () => {
    const { client } = await startTalk();
    const { sessionId, isCreated } = await client.createOrUseSession(undefined, "Extras");
    expect(isCreated).toBe(true);
    expect(await client.createOrUseSession(sessionId)).toEqual({ sessionId, isCreated: false });
    expect(await codeOf(client.createOrUseSession("con_unknown"))).toBe("SESSION_NOT_FOUND");
    await client.saveMessage(sessionId, "Hello");
    await client.saveMessage(sessionId, "Hello to you", { role: "assistant" });
    const window = await client.getContextWindow(sessionId, { modelId: "openai:gpt-4o" });
    expect(window).toMatchObject({ isEstimate: false, messages: [{ content: "Hello" }, { content: "Hello to you" }] });
    expect((await client.getContextWindow(sessionId)).isEstimate).toBe(true);
    expect(await client.validateSessionExistence(sessionId)).toBe(true);
    const summary = await client.getSessionSummary(sessionId);
    expect(summary.messageCount).toBe(2);
    expect(summary.lastMessageAt).toMatch(/Z$/);
    const shown = await client.formatSessionForDisplay(sessionId, { includeMessages: true, maxMessages: 1 });
    expect(shown).toContain("assistant: Hello to you");
    expect(shown).not.toContain("user: Hello");
    expect(await client.formatSessionsList()).toMatch(/^1\. Extras \(2 messages/);
  });

  it("write Oblix's own JSON for a path that ends so", async () => {
    const { client } = await startTalk();
    const id = await client.createSession("For Oblix");
    await client.saveMessage(id, "Hello");
    const path = join(await folder(), "session.json");
    await client.exportSession(id, path);
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
      id,
      title: "For Oblix",
      created_at: expect.stringMatching(/\+00:00$/) as string,
      messages: [{ role: "user", content: "Hello" }],
      context: {},
      metadata: {},
    });
  });
});
