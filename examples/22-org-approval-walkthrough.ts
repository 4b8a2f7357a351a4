/** An organisation's approval, step by step: make a session, ask a human on a channel, hear the answer over NATS, call one off. */
import { createColloquy, isColloquyError } from "@colloquy/core";
import { NatsServerMissing, natsServer, startEmulator } from "@colloquy/emulator";
import { orgNats } from "@colloquy/org-nats";

const nats = await natsServer({ user: "colloquy", password: "example" }).catch((error: unknown) => {
  if (!(error instanceof NatsServerMissing)) throw error;
  console.log(`Skipped: ${error.message}`);
  return undefined;
});
if (nats !== undefined) {
  // For the real servers: const baseUrl = "http://localhost:8000", and ORG_NATS_URL names NATS with its login.
  const emulator = await startEmulator({
    org: { dials: { dialect: "repaired" }, channels: { channelABC: "immediately" }, publish: nats.publish },
  });
  const baseUrl = emulator.org.sessionsUrl;

  const colloquy = createColloquy({ providers: [orgNats({ baseUrl, nats: { servers: nats.url } })] });

  const session = await colloquy.sessions.create("org-nats", {
    sessionId: "session123",
    messageData: { initial: "data" },
    messageDataTemplate: { policy_input_schema: { decision: { type: "string", enum: ["approved", "refused"] } } },
    expiresAtMs: Date.now() + 3_600_000,
    subjectId: "hitl.session123",
  });
  console.log(`1. Session created: ${session.remoteId}.`);

  await session.start();
  await session.waitFor("waiting", { timeoutMs: 10_000 });
  console.log(`2. It listens on ${(await session.connection()).subject}.`);

  const ask = await session.ask({ text: "Please confirm your details.", to: "channelABC", deadlineMs: 120_000 });
  try {
    console.log("3. Received response:", await ask.answer);
  } catch (error) {
    if (!isColloquyError(error)) throw error;
    console.log(`3. Error waiting for response: ${error.code}`);
  }
  console.log(`4. The session is ${await session.waitFor("completed", { timeoutMs: 10_000 })}.`);

  const second = await colloquy.sessions.create("org-nats", { receptionChannelId: "human" });
  await second.start();
  await second.waitFor("waiting", { timeoutMs: 10_000 });
  const unanswered = await second.ask("May we?");
  await second.provider.sessions.reject();
  const { state } = await unanswered.outcome;
  console.log(`5. A second question was called off: ${state}.`);

  await colloquy.shutdown();
  await emulator.close();
  await nats.close();
}
