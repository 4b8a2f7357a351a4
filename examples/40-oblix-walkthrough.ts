/** Conversations with models, step by step: hook models, talk in a session, stream, chat, copy, merge, export. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createColloquy, memoryStore } from "@colloquy/core";
import { startEmulator } from "@colloquy/emulator";
import { connectivityAgent, oblix, oblixClient, ollama, openai, resourceMonitor } from "@colloquy/oblix";
import { sqliteStore } from "@colloquy/store-sqlite";

// For real models: ollama({ model: "llama3.2" }), openai({ model: "gpt-4o-mini", apiKey: process.env["OPENAI_API_KEY"] ?? "" }).
const emulator = await startEmulator();
const { baseUrl, apiKey } = emulator.models.openai;
const models = [
  ollama({ model: "llama3.2", endpoint: emulator.models.ollama.baseUrl }),
  openai({ model: "gpt-4o-mini", apiKey, baseUrl, isLocal: false }),
];
// Measured in the background; no answer waits for it. Leave `targets` out to look at the internet.
const { hostname: host, port } = new URL(emulator.url);
const agents = [resourceMonitor(), connectivityAgent({ targets: [{ host, port: Number(port) }] })];

const folder = await mkdtemp(join(tmpdir(), "oblix-walkthrough-"));
for (const store of [memoryStore(), sqliteStore(join(folder, "sessions.db"))]) {
  console.log(`Store: ${store.manifest.name}`);
  const colloquy = createColloquy({ providers: [oblix({ models, agents })], store });
  const client = oblixClient(colloquy);

  const sessionId = await client.createSession({
    title: "Product Demo Session",
    initialContext: { product: "Colloquy" },
    metadata: { category: "demo", customer: "Acme Inc" },
  });
  await client.useSession(sessionId);

  const answer = client.execute({ prompt: "Hi, my name is John" });
  for await (const token of answer) process.stdout.write(token);
  const { modelId, routingDecision } = await answer;
  console.log(`\n1. From ${modelId}: ${routingDecision.why}.`);

  const followUp = await client.execute({ prompt: "What's my name?", sessionId });
  console.log(`2. ${followUp.response}`);

  const chosen = await client.execute({ prompt: "What did I just say?", modelId: "openai:gpt-4o-mini", stream: false });
  console.log(`3. ${chosen.modelId} counted ${chosen.metrics.outputTokens ?? 0} tokens: ${chosen.response}`);

  emulator.models.set({ down: ["ollama"] });
  const elsewhere = await client.execute({ prompt: "Count to 3" });
  console.log(`4. Without Ollama: ${elsewhere.modelId} says ${elsewhere.response}.`);
  emulator.models.set({ down: [] });

  const typed = ["Count to 5", "exit"];
  const chat = {
    input: (async function* () {
      yield* typed;
    })(),
    write: (text: string) => void process.stdout.write(text),
  };
  const ended = await client.execute({ chat, sessionId });
  console.log(`5. Chat ended. Session: ${ended.sessionId === sessionId ? "the same" : "another"}.`);

  await client.updateSessionMetadata(sessionId, { status: "resolved", customer: null });
  console.log("6. Metadata:", await client.getSessionMetadata(sessionId));

  const copyId = await client.copySession(sessionId, { newTitle: "Copy of the demo" });
  const mergedId = await client.mergeSessions([sessionId, copyId], { title: "Combined" });
  const { messages } = await client.loadSession(mergedId);
  console.log(`7. Copied, merged: ${messages.length} messages, each of them once.`);

  const file = join(folder, `${store.manifest.name}.jsonl`);
  await client.exportSession(sessionId, file);
  await client.deleteSession(sessionId);
  await client.importSession(file, { useImmediately: true });
  console.log(`8. Exported, deleted, imported again: ${client.currentSessionId === sessionId}.`);
  console.log(await client.formatSessionsList({ limit: 3 }));

  await colloquy.shutdown();
}

await rm(folder, { recursive: true });
await emulator.close();
