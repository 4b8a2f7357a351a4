import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createWasender,
  dispatchWebhookEvent,
  verifyWasenderWebhookSignature,
  Wasender,
  WasenderAPIError,
} from "wasenderapi";
import { type Emulator, startEmulator } from "../src/index.js";
import { startReceiver } from "./support/receiver.js";
import { allEvents } from "./support/stage.js";
import { type VirtualClock, virtualClock } from "./support/virtual-clock.js";

/** Parts of its own machinery, which its types hide. */
const hidden = ["parseRateLimitHeaders", "request", "postInternal", "getInternal", "putInternal", "deleteInternal"];

/** Methods that came back with a success at least once in this file. */
const succeeded = new Set<string>();

/** The client itself; only which of its methods succeed is noted. */
function noted(client: Wasender): Wasender {
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        const result: unknown = await value.apply(target, args);
        succeeded.add(String(name));
        return result;
      };
    },
  });
}

describe("the published client wasenderapi 0.4.0, unmodified", () => {
  let emulator: Emulator;
  let clock: VirtualClock;
  const owner = (): Wasender =>
    noted(createWasender(undefined, emulator.wasender.personalAccessToken, emulator.wasender.baseUrl));
  const phone = (apiKey: string): Wasender => noted(createWasender(apiKey, undefined, emulator.wasender.baseUrl));

  beforeEach(async () => {
    clock = virtualClock();
    emulator = await startEmulator({ clock });
  });
  afterEach(() => emulator.close());

  const settings = { name: "Shop", phone_number: "+15550100", account_protection: false, log_messages: true };

  /** Pairs a session the way an application does; returns its id and key. */
  async function pair(): Promise<{ id: number; apiKey: string }> {
    const { response: created } = await owner().createWhatsAppSession(settings);
    const { id } = created.data;
    const { response: connect } = await owner().connectWhatsAppSession(id);
    expect(connect.data).toMatchObject({ status: "NEED_SCAN", qrCode: expect.stringMatching(/^2@/) });
    const { response: qr } = await owner().getWhatsAppSessionQRCode(id);
    expect(qr.data.qrCode).toBe(connect.data.qrCode);
    const detail = (await owner().getWhatsAppSessionDetails(id)).response.data as unknown as { api_key: string };
    expect((await phone(detail.api_key).getSessionStatus()).response.status).toBe("need_scan");
    emulator.wasender.scan(id);
    clock.advance(300);
    expect((await phone(detail.api_key).getSessionStatus()).response.status).toBe("connected");
    return { id, apiKey: detail.api_key };
  }

  it("lives through a whole session, from creation to deletion", async () => {
    const { id, apiKey } = await pair();
    const { response: renamed } = await owner().updateWhatsAppSession(id, { name: "Shop 2" });
    expect(renamed.data.name).toBe("Shop 2");
    const { response: listed } = await owner().getAllWhatsAppSessions();
    expect(listed.data.map((session) => session.status)).toEqual(["connected"]);
    const { response: key } = await owner().regenerateApiKey(id);
    await expect(phone(apiKey).getContacts()).rejects.toMatchObject({ statusCode: 401, apiMessage: "Invalid API key" });
    expect((await phone(key.api_key).getSessionStatus()).response.status).toBe("connected");
    const { response: off } = await owner().disconnectWhatsAppSession(id);
    expect(off.data.status).toBe("disconnected");
    expect((await phone(key.api_key).getSessionStatus()).response.status).toBe("logged_out");
    await owner().deleteWhatsAppSession(id);
    expect((await owner().getAllWhatsAppSessions()).response.data).toEqual([]);
  });

  it("sends every kind of message that it knows", async () => {
    const client = phone((await pair()).apiKey);
    const to = "+15550101";
    const url = "https://files.example/file";
    await client.send({ messageType: "text", to, text: "hello" });
    await client.send({ messageType: "image", to, imageUrl: `${url}.png`, text: "caption", viewOnce: true });
    await client.send({ messageType: "video", to, videoUrl: `${url}.mp4` });
    await client.send({ messageType: "document", to, documentUrl: `${url}.pdf` });
    await client.send({ messageType: "audio", to, audioUrl: `${url}.ogg` });
    await client.send({ messageType: "sticker", to, stickerUrl: `${url}.webp` });
    await client.send({ messageType: "contact", to, contact: { name: "Ada", phone: "+15550101" } });
    await client.send({ messageType: "location", to, location: { latitude: "51.5", longitude: -0.12 } });
    const [first] = emulator.wasender.sent;
    await client.sendQuotedMessage({ to, text: "again", replyTo: first?.msgId ?? 0 });
    const { response: groups } = await client.getGroups();
    const group = (groups.data[0] as unknown as { jid: string }).jid;
    await client.sendMessageWithMentions(group, "hello @15550101", ["15550101@s.whatsapp.net"]);
    expect(emulator.wasender.sent).toHaveLength(10);

    const { response: info } = await client.getMessageInfo(first?.msgId ?? 0);
    expect(info.data).toMatchObject({ key: first?.key, message: { conversation: "hello" }, status: 1 });
    await client.editMessage(first?.msgId ?? 0, "hello!");
    await client.deleteMessage(first?.msgId ?? 0);
    await client.sendPresenceUpdate("15550101@s.whatsapp.net", "composing");
    const { response: upload } = await client.uploadMediaFile({
      base64: Buffer.from("%PDF-1.7").toString("base64"),
      mimetype: "application/pdf",
    });
    const { publicUrl } = upload as unknown as { publicUrl: string };
    expect(await (await fetch(publicUrl)).text()).toBe("%PDF-1.7");
  });

  it("sends by its method for each kind, too", async () => {
    const client = phone((await pair()).apiKey);
    const to = "+15550101";
    const url = "https://files.example/file";
    const answers = [
      await client.sendText({ to, text: "hello" }),
      await client.sendImage({ to, imageUrl: `${url}.png` }),
      await client.sendVideo({ to, videoUrl: `${url}.mp4` }),
      await client.sendDocument({ to, documentUrl: `${url}.pdf` }),
      await client.sendAudio({ to, audioUrl: `${url}.ogg` }),
      await client.sendSticker({ to, stickerUrl: `${url}.webp` }),
      await client.sendContact({ to, contact: { name: "Ada", phone: "+15550101" } }),
      await client.sendLocation({ to, location: { latitude: 51.5, longitude: -0.12 } }),
    ];
    expect(answers.map(({ response }) => response)).toMatchObject(
      emulator.wasender.sent.map(({ msgId }) => ({ data: { msgId, jid: to, status: "in_progress" } })),
    );
    expect(emulator.wasender.sent.map(({ body }) => Object.keys(body)[1])).toEqual([
      "text",
      "imageUrl",
      "videoUrl",
      "documentUrl",
      "audioUrl",
      "stickerUrl",
      "contact",
      "location",
    ]);
  });

  it("has a received file decrypted", async () => {
    const { id, apiKey } = await pair();
    const bytes = Buffer.from("%PDF-1.7 bill");
    const receiver = await startReceiver();
    try {
      const webhook = { webhook_url: receiver.url, webhook_enabled: true, webhook_events: ["messages.received"] };
      await owner().updateWhatsAppSession(id, webhook);
      const media = { kind: "document", bytes, mimetype: "application/pdf" } as const;
      emulator.wasender.receive(id, { from: "+15550101", text: "", media });
      await emulator.wasender.webhooksSettled();
      const { response } = await phone(apiKey).decryptMediaFile(receiver.received[0]?.data as object);
      const { publicUrl } = response as unknown as { publicUrl: string };
      expect(await (await fetch(publicUrl)).text()).toBe(bytes.toString());
    } finally {
      await receiver.close();
    }
  });

  it("finds contacts and runs groups", async () => {
    const client = phone((await pair()).apiKey);
    expect((await client.getContacts()).response.data.map(({ name }) => name)).toEqual(["Ada", "Grace", "Linus"]);
    expect((await client.getContactInfo("15550101")).response.data).toMatchObject({ id: "15550101@s.whatsapp.net" });
    expect((await client.getContactProfilePicture("15550101")).response.data.imgUrl).toMatch(/^http/);
    expect((await client.blockContact("15550101")).response.data.message).toBe("Contact blocked");
    expect((await client.unblockContact("15550101")).response.data.message).toBe("Contact unblocked");
    expect((await client.checkIfOnWhatsapp("15550101")).response).toMatchObject({ data: { exists: true } });

    const created = await client.createGroup("Crew", ["15550101@s.whatsapp.net"]);
    const group = (created.response as unknown as { data: { id: string } }).data.id;
    expect((await client.getGroupMetadata(group)).response.data).toMatchObject({ subject: "Crew" });
    expect((await client.getGroupParticipants(group)).response.data).toHaveLength(2);
    const added = await client.addGroupParticipants(group, ["15550102@s.whatsapp.net"]);
    expect(added.response.data).toMatchObject([{ status: 200, message: "added" }]);
    await client.updateGroupParticipants(group, "promote", ["15550102@s.whatsapp.net"]);
    const removed = await client.removeGroupParticipants(group, ["15550102@s.whatsapp.net"]);
    expect(removed.response.data).toMatchObject([{ status: 200, message: "removed" }]);
    const set = await client.updateGroupSettings(group, { subject: "Crew 2", announce: true });
    expect(set.response.data).toEqual({ subject: "Crew 2", description: null });
    const link = (await client.getGroupInviteLink(group)).response as unknown as { inviteLink: string };
    const code = link.inviteLink.split("/").at(-1) ?? "";
    expect((await client.getGroupInviteInfo(code)).response).toMatchObject({ data: { subject: "Crew 2", size: 2 } });
    expect((await client.acceptGroupInvite(code)).response).toMatchObject({ data: { id: group } });
    await client.getGroupProfilePicture(group);
    await client.leaveGroup(group);
    await expect(client.getGroupMetadata(group)).rejects.toBeInstanceOf(WasenderAPIError);
  });

  it("meets account protection with the documented text and waiting time", async () => {
    const { id, apiKey } = await pair();
    await owner().updateWhatsAppSession(id, { account_protection: true });
    const client = phone(apiKey);
    await client.send({ messageType: "text", to: "+15550101", text: "one" });
    clock.advance(1_000);
    await expect(client.send({ messageType: "text", to: "+15550101", text: "two" })).rejects.toMatchObject({
      statusCode: 429,
      retryAfter: 4,
      rateLimit: { limit: 1, remaining: 0, resetTimestamp: 4 },
    });
    clock.advance(4_000);
    await client.send({ messageType: "text", to: "+15550101", text: "two" });
  });

  it("accepts the emulator's webhooks", async () => {
    const receiver = await startReceiver();
    try {
      const { id } = await pair();
      const { response } = await owner().updateWhatsAppSession(id, {
        webhook_url: receiver.url,
        webhook_enabled: true,
        webhook_events: ["messages.received"],
      });
      emulator.wasender.receive(id, { from: "+15550101", text: "hello" });
      await emulator.wasender.webhooksSettled();
      const [{ signature, ...envelope } = { signature: "" }] = receiver.received;
      const { webhook_secret: secret } = response.data as unknown as { webhook_secret: string };
      const client = noted(createWasender("key", undefined, undefined, undefined, undefined, secret));
      const event = await client.handleWebhookEvent({
        getHeader: () => signature,
        getRawBody: () => JSON.stringify(envelope),
      });
      expect(event).toMatchObject({ event: "messages.received", data: { messages: { messageBody: "hello" } } });
    } finally {
      await receiver.close();
    }
  });

  it("accepts the webhooks of every event, also of those that it has no name for", async () => {
    const receiver = await startReceiver();
    try {
      const { id } = await pair();
      await owner().updateWhatsAppSession(id, {
        webhook_url: receiver.url,
        webhook_enabled: true,
        webhook_events: [...allEvents],
      });
      for (const event of allEvents) emulator.wasender.emit(id, event, { made: "up" });
      await emulator.wasender.webhooksSettled();
      const { webhookSecret = "" } = emulator.wasender.sessions.find((session) => session.id === id) ?? {};
      expect(receiver.received).toHaveLength(allEvents.length);
      for (const { signature, ...envelope } of receiver.received) {
        expect(verifyWasenderWebhookSignature(signature, webhookSecret)).toBe(true);
        expect(dispatchWebhookEvent(envelope)).toMatchObject({ event: envelope.event, data: envelope.data });
      }
    } finally {
      await receiver.close();
    }
  });

  it("has no method that was not used above", () => {
    const methods = Object.getOwnPropertyNames(Wasender.prototype).filter((name) => name !== "constructor");
    expect([...succeeded, ...hidden].toSorted()).toEqual(methods.toSorted());
    expect(succeeded.size).toBe(47);
  });
});

describe("what wasenderapi 0.4.0 gets wrong against the emulator, as it does against the service", () => {
  let emulator: Emulator;
  let client: Wasender;

  beforeEach(async () => {
    emulator = await startEmulator({ clock: virtualClock() });
    const { baseUrl, personalAccessToken } = emulator.wasender;
    const { response } = await createWasender(undefined, personalAccessToken, baseUrl).createWhatsAppSession({
      name: "Shop",
      phone_number: "+15550100",
      account_protection: false,
      log_messages: true,
    });
    emulator.wasender.setStatus(response.data.id, "connected");
    const { apiKey } = emulator.wasender.sessions[0] ?? { apiKey: "" };
    client = createWasender(apiKey, personalAccessToken, baseUrl);
  });
  afterEach(() => emulator.close());

  it("uploadMediaFile with a form sends neither its bytes nor a content type", async () => {
    const form = new FormData();
    form.set("file", new Blob(["%PDF-1.7"], { type: "application/pdf" }));
    await expect(client.uploadMediaFile(form, true)).rejects.toMatchObject({ statusCode: expect.any(Number) });
    const request = emulator.wasender.requests.at(-1);
    expect(request).toMatchObject({ path: "/upload", body: undefined });
    expect(request?.headers).not.toHaveProperty("content-type");
  });

  it("decryptMediaFile throws at an answer without `success`, which older versions of the service give", async () => {
    emulator.wasender.set({ decryptWithoutSuccess: true });
    const file = { url: "https://files.example/a", mimetype: "image/png", mediaKey: "AAAA" };
    const messages = { key: { id: "3EB0" }, message: { imageMessage: file } };
    await expect(client.decryptMediaFile({ messages })).rejects.toThrow(/Unexpected API response structure/);
    expect(emulator.wasender.requests.at(-1)?.status).toBe(200);
  });

  it("every method loses the text of a refusal that is under `error`", async () => {
    await expect(client.getGroupMetadata("120363000000000009@g.us")).rejects.toMatchObject({
      apiMessage: "API request failed with an unspecified error.",
    });
  });

  it("contact and group methods let a parameter become path and query", async () => {
    await expect(client.getContactInfo("1/2?x=3")).rejects.toBeInstanceOf(WasenderAPIError);
    expect(emulator.wasender.requests.at(-1)).toMatchObject({ path: "/contacts/1/2", query: { x: "3" } });
  });

  it("connectWhatsAppSession asks for an image, which does not exist, and gets the raw text", async () => {
    const [session] = emulator.wasender.sessions;
    emulator.wasender.setStatus(session?.id ?? 0, "logged_out");
    const { response } = await client.connectWhatsAppSession(session?.id ?? 0, true);
    expect(emulator.wasender.requests.at(-1)?.body).toEqual({ qr_as_image: true });
    expect(response.data.qrCode).toMatch(/^2@/);
  });

  it("every method throws a TypeError at a body of `null`", async () => {
    emulator.wasender.set({ failNext: [{ match: {}, fault: { kind: "null_body" } }] });
    await expect(client.getContacts()).rejects.toBeInstanceOf(TypeError);
  });
});
