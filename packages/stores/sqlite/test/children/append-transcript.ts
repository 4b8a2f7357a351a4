// Appends to one conversation from several processes at once, each append by itself, and merges metadata between.
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { sqliteStore } from "../../src/index.js";
import { say } from "./say.js";

const [path = "", conversationId = "", name = "", count = "0", startFile = ""] = process.argv.slice(2);
const store = sqliteStore(path);
await store.open();
say("ready");
while (!existsSync(startFile)) await pause(5);
for (let number = 1; number <= Number(count); number++) {
  const message = {
    id: `${name}_${number}`,
    role: "user" as const,
    content: `Number ${number} of ${name}`,
    atMs: number,
  };
  await store.transcripts.append(conversationId, [message], { atMs: number });
  if (number % 50 === 0)
    await store.transcripts.update(conversationId, { metadata: { [`${name}_${number}`]: number } }, { atMs: number });
}
await store.close();
