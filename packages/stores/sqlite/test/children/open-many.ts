// Opens and closes new databases one after the other, as fast as its rivals do.
import { join } from "node:path";
import { newSnapshot } from "@colloquy/core";
import { sqliteStore } from "../../src/index.js";
import { say } from "./say.js";

const [folder = "", name = "", count = "0"] = process.argv.slice(2);
for (let number = 1; number <= Number(count); number++) {
  const store = sqliteStore({ path: join(folder, `${number}.db`), secretKey: "made-up key" });
  await store.open();
  const id = `ses_${name}`;
  await store.records.create(
    { id, providerId: "example", settings: {}, lifecycle: newSnapshot(0), epoch: 1, createdAtMs: 0, updatedAtMs: 0 },
    [],
  );
  await store.secrets.put(id, { session_key: name });
  await store.close();
}
say("done");
