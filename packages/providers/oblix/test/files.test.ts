import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Conversations, MessageInput } from "@colloquy/core";
import { exportConversation, importConversation, importOblixFolder } from "@colloquy/oblix";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf, folder, startTalk } from "./support/talk.js";

/** All that must survive a file. Numbers and revisions are given anew. */
async function kept(conversations: Conversations, id: string): Promise<unknown> {
  const { title, context, metadata, createdAtMs, updatedAtMs } = await conversations.get(id);
  const messages: unknown[] = [];
  for await (const { conversationId: _id, seq: _seq, revision: _revision, ...message } of conversations.read(id))
    messages.push(message);
  return { title, context, metadata, createdAtMs, updatedAtMs, messages };
}

const text = fc.string({ unit: "grapheme", maxLength: 40 });
const plain = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 8 }).filter((key) => key !== "__proto__"),
  fc.oneof(text, fc.integer(), fc.boolean(), fc.array(fc.integer(), { maxLength: 3 }), fc.record({ deep: text })),
  { maxKeys: 4 },
);
const messageArbitrary: fc.Arbitrary<Omit<MessageInput, "id">> = fc.record(
  {
    role: fc.constantFrom("system" as const, "user" as const, "assistant" as const, "tool" as const),
    content: text,
    atMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    status: fc.constantFrom("complete" as const, "failed" as const, "aborted" as const),
    toolCalls: fc.array(fc.record({ id: text, name: text, arguments: plain }), { minLength: 1, maxLength: 2 }),
    toolCallId: text,
    name: text,
    model: text,
    usage: fc.record({ inputTokens: fc.nat(), outputTokens: fc.nat() }),
    error: fc.record({ code: text, message: text }),
    metadata: plain,
    parts: fc.array(plain, { maxLength: 2 }),
  },
  { requiredKeys: ["role", "content", "atMs"] },
);

describe("a file", () => {
  it.each(["jsonl", "oblix"] as const)("of kind %s brings back all that was exported", async (format) => {
    const { colloquy } = await startTalk();
    const { conversations } = colloquy;
    const path = join(await folder(), "session.any");
    await fc.assert(
      fc.asyncProperty(
        text,
        plain,
        plain,
        fc.array(messageArbitrary, { maxLength: 6 }),
        async (title, context, metadata, drawn) => {
          const { id } = await conversations.create({ title, context, metadata, createdAtMs: 1_000 });
          await conversations.append(
            id,
            drawn.map((message, place) => ({ ...message, id: `m${place}` })),
            { atMs: 5_000 },
          );
          await exportConversation(conversations, id, path, { format });
          const anew = await importConversation(conversations, path, { policy: "new_id" });
          expect(anew.messageCount).toBe(drawn.length);
          expect(await kept(conversations, anew.id)).toEqual(await kept(conversations, id));
        },
      ),
      { seed: 20_261_121, numRuns: 12 },
    );
  });

  it("of Oblix is read as it is: odd times, odd contents, ids that come twice or not at all", async () => {
    const { colloquy } = await startTalk();
    const path = join(await folder(), "old.json");
    const record = {
      id: "5f3e9a7b-6c1d-4d8e-9e7a-9b8c7d6e5f4a",
      title: "Technical Support Chat",
      created_at: "2023-07-15T14:30:22.123456+00:00",
      updated_at: "2023-07-15T14:35:46.789Z",
      messages: [
        { id: "msg_1", role: "user", content: "I'm having trouble.", timestamp: "2023-07-15T14:30:22.123Z" },
        {
          id: "msg_1",
          role: "assistant",
          content: { response: "Which system?" },
          timestamp: "2023-07-15T16:30:25.456+02:00",
        },
        { role: "user", content: "Windows 11.", timestamp: null, source_session_id: "other" },
      ],
      context: null,
      metadata: { category: "technical_support" },
      imported_at: "2023-08-01T00:00:00+00:00",
    };
    await writeFile(path, JSON.stringify(record, undefined, 2));
    const { id } = await importConversation(colloquy.conversations, path);
    expect(id).toBe(record.id);
    const { messages } = await colloquy.conversations.messages(id);
    expect(messages.map(({ content, atMs }) => [content, new Date(atMs).toISOString()])).toEqual([
      ["I'm having trouble.", "2023-07-15T14:30:22.123Z"],
      ['{"response":"Which system?"}', "2023-07-15T14:30:25.456Z"],
      ["Windows 11.", "2023-07-15T14:30:25.456Z"],
    ]);
    expect(new Set(messages.map((message) => message.id)).size).toBe(3);
    expect(messages[2]?.sourceId).toBe("other");
    expect(await colloquy.conversations.get(id)).toMatchObject({
      createdAtMs: Date.parse("2023-07-15T14:30:22.123Z"),
      updatedAtMs: Date.parse("2023-07-15T14:35:46.789Z"),
      lineage: { importedFrom: "old.json" },
    });
  });

  it("that is hostile or not whole is refused with its place, and changes nothing", async () => {
    const { colloquy } = await startTalk();
    const { conversations } = colloquy;
    const path = join(await folder(), "hostile");
    const { id } = await conversations.create({ title: "Mine", createdAtMs: 1 });
    await conversations.append(id, [
      { id: "m1", role: "user", content: "canary" },
      { id: "m2", role: "user", content: "two" },
    ]);
    await exportConversation(conversations, id, path);
    const whole = await readFile(path, "utf8");
    const [header = "", first = "", second = "", end = ""] = whole.split("\n");
    const deep = `${"[".repeat(200)}${"]".repeat(200)}`;
    const hostile: readonly (readonly [string | Uint8Array, string])[] = [
      ["", "INPUT_INVALID"],
      ["\n\n", "INPUT_INVALID"],
      ["null", "INPUT_INVALID"],
      ["[]", "INPUT_INVALID"],
      ["{}", "INPUT_INVALID"],
      ["not json", "INPUT_INVALID"],
      [Uint8Array.of(0xff, 0xfe, 0x00), "INPUT_INVALID"],
      [header, "INPUT_INVALID"],
      [[header, first, second].join("\n"), "INPUT_INVALID"],
      [[header, first, end].join("\n"), "INPUT_INVALID"],
      [[header, first, second.slice(0, -9)].join("\n"), "INPUT_INVALID"],
      [[header, first.replace('"user"', '"root"'), second, end].join("\n"), "INPUT_INVALID"],
      [[header, first.replace('"canary"', "7"), second, end].join("\n"), "INPUT_INVALID"],
      [[header, first.replace('"canary"', `"x","parts":[${deep}]`), second, end].join("\n"), "INPUT_INVALID"],
      [header.replace(id, "").concat("\n", end), "INPUT_INVALID"],
      [header.replace(id, "a\\u0007b").concat("\n", end), "INPUT_INVALID"],
      [header.replace('"version":1', '"version":2'), "STORE_SCHEMA_NEWER"],
      [JSON.stringify({ id: "x", title: "t", created_at: "", updated_at: "", messages: [7] }), "INPUT_INVALID"],
      [JSON.stringify({ id: "x", title: "t", created_at: "", updated_at: "", messages: {} }), "INPUT_INVALID"],
      [JSON.stringify({ id: { $ne: 1 }, title: "t", created_at: "", updated_at: "", messages: [] }), "INPUT_INVALID"],
    ];
    const before = await kept(conversations, id);
    for (const [content, code] of hostile) {
      await writeFile(path, content);
      const error: unknown = await importConversation(conversations, path, { policy: "replace" }).catch(
        (e: unknown) => e,
      );
      expect(error, String(content).slice(0, 60)).toMatchObject({ code });
      expect((error as Error).message).not.toContain("canary");
    }
    expect(await kept(conversations, id)).toEqual(before);
    expect((await conversations.page()).conversations).toHaveLength(1);
    expect(await codeOf(importConversation(conversations, join(path, "no", "such")))).toBe("INPUT_INVALID");
  });

  it("that names a prototype pollutes none", async () => {
    const { colloquy } = await startTalk();
    const path = join(await folder(), "proto.json");
    const record = `{"id":"p","title":"t","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","messages":[],"metadata":{"__proto__":{"isAdmin":true}},"context":{}}`;
    await writeFile(path, record);
    await importConversation(colloquy.conversations, path);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });
});

describe("a folder of Oblix", () => {
  it("comes over whole, again without doubling, and tells what could not be read", async () => {
    const { colloquy } = await startTalk();
    const path = await folder();
    const record = (id: string): string =>
      JSON.stringify({
        id,
        title: id,
        created_at: "2026-01-01T00:00:00Z",
        updated_at: "2026-01-01T00:00:00Z",
        messages: [{ role: "user", content: "Hello" }],
      });
    await writeFile(join(path, "a.json"), record("a"));
    await writeFile(join(path, "b.json"), record("b"));
    await writeFile(join(path, "broken.json"), record("c").slice(0, 40));
    await writeFile(join(path, "notes.txt"), "no session");
    await mkdir(join(path, "folder.json"));
    await symlink("/etc/passwd", join(path, "link.json"));
    const told: string[] = [];
    const report = await importOblixFolder(colloquy.conversations, path, {
      onEntry: ({ file, outcome }) => void told.push(`${file} ${outcome}`),
    });
    expect(report).toMatchObject({ importedCount: 2, keptCount: 0, failedCount: 1 });
    expect(report.failures[0]).toMatchObject({ file: "broken.json", code: "INPUT_INVALID" });
    expect(told).toEqual(["a.json imported", "b.json imported", "broken.json failed"]);
    expect(await importOblixFolder(colloquy.conversations, path)).toMatchObject({ importedCount: 0, keptCount: 2 });
  });
});
