import { createColloquy } from "@colloquy/core";
import { startEmulator } from "@colloquy/emulator";
import { describe, expect, it } from "vitest";
import { atlus } from "../src/index.js";

describe("the service's own guide, step by step", () => {
  it("creates, chats, remembers, shows the memory and deletes", async () => {
    const emulator = await startEmulator();
    const colloquy = createColloquy({ providers: [atlus({ baseUrl: `${emulator.atlus.baseUrl}/api/v1` })] });
    const { sessions, chat } = colloquy.provider("atlus");

    const created = await sessions.create({ userId: "user_123", metadata: { source: "python_client" } });
    expect(created).toMatchObject({
      status: 201,
      value: { userId: "user_123", metadata: { source: "python_client" } },
    });
    const { sessionId } = created.value;
    expect(sessionId).toMatch(/^session_[0-9a-f]{16}$/);

    expect((await chat.send({ message: "Hi, my name is John", sessionId })).value.text).not.toBe("");
    expect((await chat.send({ message: "What's my name?", sessionId })).value.text).toBe("Your name is John");
    expect((await chat.send({ message: "What did I just say?", sessionId })).value.text).toContain("What's my name?");

    const { value: info } = await sessions.get({ sessionId });
    expect(info).toMatchObject({ isActive: true, memory: { hasSessionMemory: true, conversationTurns: 3 } });
    expect((await sessions.continue({ userId: "user_123" })).value.sessionId).toBe(sessionId);

    expect((await sessions.remove({ sessionId })).value.message).toBe("Session deleted successfully");
    await expect(chat.send({ message: "Hello", sessionId })).rejects.toMatchObject({
      code: "SESSION_NOT_CONNECTED",
      providerCode: "INVALID_SESSION",
    });
    await expect(sessions.get({ sessionId })).rejects.toMatchObject({
      code: "REMOTE_NOT_FOUND",
      providerCode: "SESSION_NOT_FOUND",
    });
    await colloquy.shutdown();
    await emulator.close();
  });
});
