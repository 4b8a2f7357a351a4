import { describe, expect, it } from "vitest";
import { useStage } from "./support/stage.js";

const png = Buffer.from("\x89PNG\r\n\x1a\nrest of the picture", "latin1");

describe("media", () => {
  const stage = useStage();
  const raw = (type: string): Record<string, string> => ({ "content-type": type });

  it("is uploaded as raw bytes or base64, and public for a day", async () => {
    const { api, clock } = stage;
    const { apiKey } = await stage.connected();
    const { body } = await api("POST", "/upload", png, apiKey, raw("image/png"));
    expect(body).toEqual({ success: true, publicUrl: expect.stringMatching(/\/media\/[0-9a-f-]{36}\.png$/) });
    const dataUrl = `data:application/pdf;base64,${png.toString("base64")}`;
    const winner = await api("POST", "/upload", { base64: dataUrl, mimetype: "image/png" }, apiKey);
    expect(winner.body.publicUrl).toMatch(/\.png$/);
    const large = Buffer.concat([png, Buffer.alloc(3_000_000)]).toString("base64");
    expect((await api("POST", "/upload", { base64: large, mimetype: "image/png" }, apiKey)).status).toBe(200);
    const fetched = await fetch(body.publicUrl);
    expect([fetched.headers.get("content-type"), Buffer.from(await fetched.arrayBuffer())]).toEqual(["image/png", png]);
    clock.advance(86_400_000);
    expect((await fetch(body.publicUrl)).status).toBe(404);
  });

  it("must be what it claims to be", async () => {
    const { api } = stage;
    const { apiKey } = await stage.connected();
    expect((await api("POST", "/upload", png, apiKey, raw("image/jpeg"))).status).toBe(415);
    expect((await api("POST", "/upload", png, apiKey, raw("application/x-thing"))).status).toBe(415);
    expect((await api("POST", "/upload", "", apiKey, raw("image/png"))).status).toBe(400);
    expect((await api("POST", "/upload", {}, apiKey)).body.errors).toEqual({
      base64: ["The base64 field is required."],
    });
    const huge = Buffer.concat([png, Buffer.alloc(16 * 1024 * 1024)]);
    expect((await api("POST", "/upload", huge, apiKey, raw("image/png"))).status).toBe(413);
  });

  it("comes in encrypted and is decrypted from the webhook's payload as it is", async () => {
    const { api, emulator, receiver, clock } = stage;
    const { id, apiKey } = await stage.connected({ webhook_events: ["messages.received"] });
    const media = { kind: "image", bytes: png, mimetype: "image/png" } as const;
    emulator.wasender.receive(id, { from: "15550101", text: "look", media });
    await stage.pass(0);
    const data = receiver.received[0]?.data as { messages: { message: { imageMessage: { url: string } } } };
    const { imageMessage } = data.messages.message;
    expect(imageMessage).toMatchObject({ mimetype: "image/png", caption: "look", fileLength: String(png.length) });
    const sealed = Buffer.from(await (await fetch(imageMessage.url)).arrayBuffer());
    expect(sealed.includes(png.subarray(8))).toBe(false);

    const { body } = await api("POST", "/decrypt-media", { data }, apiKey);
    expect(body).toEqual({ success: true, publicUrl: expect.stringContaining("/api/decrypted-media/") });
    expect(Buffer.from(await (await fetch(body.publicUrl)).arrayBuffer())).toEqual(png);
    clock.advance(3_600_000);
    expect((await fetch(body.publicUrl)).status).toBe(404);
  });

  it("is refused for decryption without a media object or its keys", async () => {
    const { api } = stage;
    const { apiKey } = await stage.connected();
    const decrypt = (message: unknown) =>
      api("POST", "/decrypt-media", { data: { messages: { key: { id: "1" }, message } } }, apiKey);
    expect((await decrypt({ conversation: "no" })).body).toEqual({
      success: false,
      error: "No supported media object (image, video, etc.) found in the message.",
    });
    const keyless = await decrypt({ imageMessage: { url: "https://x.example/a", mimetype: "image/png" } });
    expect(Object.keys(keyless.body.errors)).toEqual(["data.messages.message.imageMessage.mediaKey"]);
  });
});
