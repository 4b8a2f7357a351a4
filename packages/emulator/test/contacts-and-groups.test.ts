import { describe, expect, it } from "vitest";
import { lidOf } from "../src/wasender/jid.js";
import { useStage } from "./support/stage.js";

const ada = "15550101@s.whatsapp.net";

describe("contacts", () => {
  const stage = useStage();

  it("say jid in the list and id alone, and come in pages when asked", async () => {
    const { api } = stage;
    const { apiKey } = await stage.connected();
    const { body } = await api("GET", "/contacts", undefined, apiKey);
    expect(body.data).toHaveLength(3);
    const { jid, ...rest } = body.data[0];
    expect(Object.keys(body.data[0])).toEqual(["jid", "name", "notify", "verifiedName", "imgUrl", "status"]);
    expect((await api("GET", "/contacts/15550101", undefined, apiKey)).body.data).toEqual({ id: jid, ...rest });
    const page = await api("GET", "/contacts?paginated=true&page=2&limit=2", undefined, apiKey);
    expect(page.body.data).toMatchObject({
      items: [{ name: "Linus" }],
      pagination: { total: 3, page: 2, limit: 2, totalPages: 2 },
    });
    const picture = await api("GET", `/contacts/${ada}/picture`, undefined, apiKey);
    expect((await fetch(picture.body.data.imgUrl)).headers.get("content-type")).toBe("image/svg+xml");
  });

  it("can be named, blocked and unblocked, and tell when a number is on WhatsApp", async () => {
    const { api, emulator } = stage;
    const { apiKey } = await stage.connected();
    emulator.wasender.set({ unknownNumbers: ["15550199"] });
    const named = await api("PUT", "/contacts", { jid: "15550150@s.whatsapp.net", fullName: "Edsger" }, apiKey);
    expect(named.body.data).toEqual({ jid: "15550150@s.whatsapp.net", fullName: "Edsger" });
    expect((await api("GET", "/contacts/+15550150", undefined, apiKey)).body.data.name).toBe("Edsger");
    expect((await api("POST", `/contacts/${ada}/block`, {}, apiKey)).body.data).toEqual({ message: "Contact blocked" });
    expect((await api("POST", `/contacts/${ada}/unblock`, {}, apiKey)).body.data.message).toBe("Contact unblocked");
    expect((await api("GET", "/on-whatsapp/+15550150", undefined, apiKey)).body.data).toEqual({ exists: true });
    expect((await api("GET", "/on-whatsapp/15550199", undefined, apiKey)).body.data).toEqual({ exists: false });
    expect((await api("GET", "/contacts/15550199", undefined, apiKey)).status).toBe(404);
  });

  it("are found by LID and by name, where they are known", async () => {
    const { api } = stage;
    const { apiKey } = await stage.connected();
    const lid = lidOf("15550101");
    expect((await api("GET", `/lid-from-pn/${ada}`, undefined, apiKey)).body.data).toEqual({ lid });
    expect((await api("GET", `/pn-from-lid/${lid}`, undefined, apiKey)).body.data).toEqual({ pn: ada });
    expect((await api("GET", "/pn-from-lid/123456789@lid", undefined, apiKey)).status).toBe(404);
    const username = { jid: ada, username: "ada" };
    expect((await api("GET", "/fetch-username/%40ada", undefined, apiKey)).body.data).toEqual(username);
    expect((await api("GET", `/fetch-username/${lid}`, undefined, apiKey)).body.data).toEqual(username);
  });

  it("see presence, unless the address is none", async () => {
    const { api } = stage;
    const { apiKey } = await stage.connected();
    const composing = { jid: ada, type: "composing", delayMs: 10 };
    expect((await api("POST", "/send-presence-update", composing, apiKey)).body.data).toEqual({
      jid: ada,
      type: "composing",
    });
    expect((await api("POST", "/send-presence-update", { ...composing, jid: "ada" }, apiKey)).body).toEqual({
      success: false,
      error: "Error sending presence update: Invalid JID provided.",
    });
    expect((await api("POST", "/send-presence-update", { jid: ada, type: "asleep" }, apiKey)).body.errors).toEqual({
      type: ["The selected type is invalid."],
    });
  });
});

describe("groups", () => {
  const stage = useStage();

  it("say the same people in other words at every endpoint", async () => {
    const { api } = stage;
    const { apiKey } = await stage.connected();
    const own = "15550100@s.whatsapp.net";
    const created = await api("POST", "/groups", { name: "Crew", participants: [ada] }, apiKey);
    const { id } = created.body.data;
    expect(created.body.data).toEqual({
      id: expect.stringMatching(/@g\.us$/),
      owner: own,
      subject: "Crew",
      creation: Math.floor(stage.clock.now() / 1000),
      participants: [
        { id: own, admin: "superadmin" },
        { id: ada, admin: null },
      ],
    });
    expect((await api("GET", `/groups/${id}/metadata`, undefined, apiKey)).body.data).toMatchObject({
      jid: id,
      desc: null,
      participants: [
        { jid: own, isAdmin: true, isSuperAdmin: true },
        { jid: ada, isAdmin: false, isSuperAdmin: false },
      ],
    });
    expect((await api("GET", `/groups/${id}/participants`, undefined, apiKey)).body.data).toEqual([
      { id: lidOf("15550100"), admin: "superadmin" },
      { id: lidOf("15550101") },
    ]);
    const names = (await api("GET", "/groups", undefined, apiKey)).body.data.map(({ name }: { name: string }) => name);
    expect(names).toEqual(["Friends", "News", "Crew"]);
  });

  it("tell partial failure inside a success, and answer a promotion with those it touched", async () => {
    const { api, emulator, receiver } = stage;
    const { apiKey } = await stage.connected();
    emulator.wasender.set({ unknownNumbers: ["15550199"] });
    const { id } = (await api("POST", "/groups", { name: "Crew" }, apiKey)).body.data;
    const added = await api("POST", `/groups/${id}/participants/add`, { participants: [ada, "15550199"] }, apiKey);
    expect([added.status, added.body.data]).toEqual([
      200,
      [
        { status: 200, jid: ada, message: "added" },
        { status: 403, jid: "15550199@s.whatsapp.net", message: "not-authorized" },
      ],
    ]);
    const promote = { action: "promote", participants: [ada] };
    expect((await api("PUT", `/groups/${id}/participants/update`, promote, apiKey)).body.data).toEqual({
      participants: [ada],
    });
    const removed = await api("POST", `/groups/${id}/participants/remove`, { participants: [ada] }, apiKey);
    expect(removed.body.data).toEqual([{ status: 200, jid: ada, message: "removed" }]);
    await stage.pass(0);
    const told = receiver.received.filter(({ event }) => event === "group-participants.update");
    expect(told.map(({ data }) => data)).toEqual(
      ["add", "promote", "remove"].map((action) => ({ jid: id, participants: [ada], action })),
    );
  });

  it("let only admins change them or see the invite link, by which another session can join", async () => {
    const { api } = stage;
    const { apiKey } = await stage.connected();
    const [friends, news] = (await api("GET", "/groups", undefined, apiKey)).body.data;
    const refused = await api("PUT", `/groups/${news.jid}/settings`, { subject: "Mine" }, apiKey);
    expect(refused).toMatchObject({ status: 403, body: { success: false, error: "not-authorized" } });
    const settings = { subject: "Old friends", description: "since 1990", profilePicUrl: "https://x.example/p.png" };
    expect((await api("PUT", `/groups/${friends.jid}/settings`, settings, apiKey)).body.data).toEqual({
      subject: "Old friends",
      description: "since 1990",
    });
    expect((await api("GET", `/groups/${friends.jid}/picture`, undefined, apiKey)).body.data).toEqual({
      imgUrl: "https://x.example/p.png",
    });
    const { body } = await api("GET", `/groups/${friends.jid}/invite-link`, undefined, apiKey);
    expect(body).toEqual({ success: true, inviteLink: expect.stringMatching(/^https:\/\/chat\.whatsapp\.com\/\w+$/) });
    const code = body.inviteLink.split("/").at(-1);

    const other = await stage.connected({ name: "Other", phone_number: "+15550120" });
    const invite = await api("GET", `/groups/invite/${code}`, undefined, other.apiKey);
    expect(invite.body.data).toMatchObject({ id: friends.jid, subject: "Old friends", size: 3 });
    expect((await api("POST", "/groups/invite/accept", { code }, other.apiKey)).body.data).toEqual({ id: friends.jid });
    expect((await api("POST", `/groups/${friends.jid}/leave`, {}, other.apiKey)).body.data).toEqual({});
    expect((await api("GET", `/groups/${friends.jid}/picture`, undefined, other.apiKey)).status).toBe(404);
    expect((await api("POST", "/groups/invite/accept", { code: "none" }, apiKey)).status).toBe(404);
  });
});
