// Appends without end, single messages, batches and messages that grow, and says after each what was acknowledged.
import { sqliteStore } from "../../src/index.js";
import { say } from "./say.js";

const [path = "", conversationId = ""] = process.argv.slice(2);
const store = sqliteStore(path);
await store.open();
const { transcripts } = store;
await transcripts.create({ id: conversationId, createdAtMs: 0 });

for (let number = 1; ; number++) {
  const ids = [1, 2, 3].map((part) => `msg_${number}_${part}`);
  await transcripts.append(
    conversationId,
    ids.map((id) => ({ id, role: "user" as const, content: `${id} ${"x".repeat(number % 2_000)}`, atMs: number })),
    { atMs: number, operationId: `op_${number}` },
  );
  say({ did: "append", ids });
  const id = `msg_${number}_grown`;
  await transcripts.append(
    conversationId,
    [{ id, role: "assistant", content: "", status: "streaming", atMs: number }],
    {
      atMs: number,
    },
  );
  for (let piece = 1; piece <= 3; piece++) {
    await transcripts.change(conversationId, id, { appendText: `${piece}.` }, { atMs: number });
    say({ did: "grow", id, content: Array.from({ length: piece }, (_, index) => `${index + 1}.`).join("") });
  }
  await transcripts.change(conversationId, id, { status: "complete" }, { atMs: number });
}
