/** A chat session with ATLUS, step by step: create, say something, ask about it, look at the memory, delete. */
import { atlus } from "@colloquy/atlus";
import { createColloquy, isColloquyError } from "@colloquy/core";
import { startEmulator } from "@colloquy/emulator";

// For the real service: const baseUrl = process.env["ATLUS_BASE_URL"] ?? "http://localhost:5000";
const emulator = await startEmulator();
const { baseUrl } = emulator.atlus;

const colloquy = createColloquy({ providers: [atlus({ baseUrl })] });

const session = await colloquy.sessions.create("atlus", { userId: "user_123", metadata: { source: "walkthrough" } });
await session.start();
await session.waitFor("connected", { timeoutMs: 10_000 });
console.log(`1. Created ${session.remoteId}.`);

// Each answer comes in as a message of its own, stored until it was handled.
const answers = session.events({ types: ["message.received"] });
const ask = async (text: string): Promise<string> => {
  const sent = await session.send({ to: "atlus", text });
  for (;;) {
    const { value } = await answers.next();
    if (value?.type === "message.received" && value.message.providerMessageId === sent.providerMessageId)
      return value.message.text ?? "";
  }
};
console.log(`2. ATLUS: ${await ask("Hi, my name is John")}`);
console.log(`3. ATLUS: ${await ask("What's my name?")}`);

const { value: info } = await session.provider.sessions.get();
console.log(`4. It remembers ${info.memory?.conversationTurns} turns.`);

console.log(`5. Deleted: ${await session.close()}.`);
try {
  await colloquy.provider("atlus").chat.send({ message: "Hello?", sessionId: session.remoteId ?? "" });
} catch (error) {
  if (!isColloquyError(error)) throw error;
  console.log(`   A chat in it is refused now: ${error.providerCode}.`);
}

await colloquy.shutdown();
await emulator.close();
