// Appends to one session from several processes at once, and says what became of every write.
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { isColloquyError, type SessionRecord } from "@colloquy/core";
import { sqliteStore } from "../../src/index.js";
import { say } from "./say.js";

const [path = "", sessionId = "", name = "", count = "0", startFile = ""] = process.argv.slice(2);
const store = sqliteStore(path);
await store.open();
say("ready");
while (!existsSync(startFile)) await pause(5);

let conflicts = 0;
for (let number = 1; number <= Number(count); number++) {
  await store.outbox.add([
    {
      sessionId,
      id: `msg_${name}_${number}`,
      state: "queued",
      message: { to: "+15550100", text: "Hello" },
      priority: "normal",
      acceptedAtMs: 0,
    },
  ]);
  for (let isSaved = false; !isSaved; ) {
    const record = (await store.records.get(sessionId)) as SessionRecord;
    try {
      await store.records.save(record, [
        {
          sessionId,
          atMs: 0,
          epoch: 1,
          incarnation: 1,
          event: `${name}_${number}`,
          from: "created",
          to: "created",
          disposition: "recorded",
        },
      ]);
      isSaved = true;
    } catch (error) {
      if (!isColloquyError(error) || error.code !== "STORE_CONFLICT") throw error;
      conflicts += 1;
    }
  }
}
await store.close();
say({ conflicts });
