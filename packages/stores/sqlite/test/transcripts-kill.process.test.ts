import { join } from "node:path";
import { seededRandom, type TranscriptMessage } from "@colloquy/core";
import { expect, test } from "vitest";
import { chooseDriver } from "../src/driver/choose.js";
import { sqliteStore } from "../src/index.js";
import { startChild } from "./children/children.js";
import { scratchFolder } from "./scratch.js";

type Said =
  | { readonly did: "append"; readonly ids: readonly string[] }
  | { readonly did: "grow"; readonly id: string; readonly content: string };

// `pnpm kill-test transcripts` takes 30.
const rounds = Number(process.env["COLLOQUY_KILL_ROUNDS"] ?? 5);
const seed = Number(process.env["SEED"] ?? 20_261_121);

test(`keeps every acknowledged message, and a sound file, when its process is killed while it appends (${rounds} times, seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const path = join(await scratchFolder(), "store.db");
  for (let round = 1; round <= rounds; round++) {
    const hint = `round ${round}, seed ${seed}`;
    const killAfter = 1 + Math.floor(random() * 300);
    const child = startChild("converse-until-killed", [path, `cnv_${round}`], (_line, { lines, process }) => {
      if (lines.length >= killAfter) process.kill("SIGKILL");
    });
    expect(await child.ended, child.errors()).toEqual({ code: null, signal: "SIGKILL" });
    const said = child.lines.map((line) => JSON.parse(line) as Said);

    const store = sqliteStore(path);
    await store.open();
    const messages = new Map<string, TranscriptMessage>();
    for await (const message of store.transcripts.read(`cnv_${round}`)) messages.set(message.id, message);
    const conversation = await store.transcripts.get(`cnv_${round}`);
    expect(
      [...messages.values()].map(({ seq }) => seq),
      hint,
    ).toEqual([...messages.keys()].map((_, index) => index + 1));
    expect([conversation?.messageCount, conversation?.lastSeq], hint).toEqual([messages.size, messages.size]);
    for (const line of said)
      if (line.did === "append")
        expect(
          line.ids.filter((id) => !messages.has(id)),
          hint,
        ).toEqual([]);
      else expect(messages.get(line.id)?.content.startsWith(line.content), hint).toBe(true);
    const last = said.findLast((line) => line.did === "append");
    const found = await store.transcripts.search({ text: last?.ids[2] ?? "", conversationId: `cnv_${round}` });
    expect(
      found.map(({ message }) => message?.id),
      hint,
    ).toContain(last?.ids[2]);
    await store.close();
    const connection = (await chooseDriver()).open(path);
    expect(connection.prepare("PRAGMA integrity_check").all([]), hint).toEqual([{ integrity_check: "ok" }]);
    connection.close();
  }
});
