import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWasender, type Wasender, WasenderAPIError } from "wasenderapi";
import { type Emulator, startEmulator } from "../src/index.js";
import { startReceiver } from "./support/receiver.js";
import { type VirtualClock, virtualClock } from "./support/virtual-clock.js";

describe("the published client wasenderapi 0.4.0, unmodified", () => {
  let emulator: Emulator;
  let clock: VirtualClock;
  const owner = (): Wasender =>
    createWasender(undefined, emulator.wasender.personalAccessToken, emulator.wasender.baseUrl);
  const phone = (apiKey: string): Wasender => createWasender(apiKey, undefined, emulator.wasender.baseUrl);

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
      const client = createWasender("key", undefined, undefined, undefined, undefined, secret);
      const event = await client.handleWebhookEvent({
        getHeader: () => signature,
        getRawBody: () => JSON.stringify(envelope),
      });
      expect(event).toMatchObject({ event: "messages.received", data: { messages: { messageBody: "hello" } } });
    } finally {
      await receiver.close();
    }
  });
});
