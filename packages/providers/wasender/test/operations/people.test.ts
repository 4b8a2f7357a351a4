import { describe, expect, it } from "vitest";
import { contacts } from "../../src/operations/contacts.js";
import { roleOutcomes } from "../../src/operations/groups/members.js";
import { groups } from "../../src/operations/groups.js";
import { lookups } from "../../src/operations/lookups.js";
import { answered, decoded, encoded, thrown, wireBody } from "../support/wire.js";

const group = "120363000000000001@g.us";
const ada = { name: "Ada", notify: "Ada L", verifiedName: null, imgUrl: null, status: "hi" };

describe("contacts", () => {
  it("gives one model for `jid` in the list and `id` in the detail", () => {
    const [fromList] = decoded(contacts.list, { success: true, data: [{ jid: "15550101@s.whatsapp.net", ...ada }] });
    const fromDetail = decoded(contacts.get, { success: true, data: { id: "15550101@s.whatsapp.net", ...ada } });
    const expected = {
      jid: "15550101@s.whatsapp.net",
      phone: "+15550101",
      name: "Ada",
      notifyName: "Ada L",
      about: "hi",
    };
    expect(fromList).toMatchObject(expected);
    expect(fromDetail).toMatchObject(expected);
    expect(fromDetail).not.toHaveProperty("pictureUrl");
  });

  it("asks for one page and reads the other paginator", () => {
    expect(encoded(contacts.page, { page: 3, perPage: 5 }).query).toEqual({ paginated: true, page: 3, limit: 5 });
    const body = {
      data: {
        items: [{ jid: "15550101@s.whatsapp.net" }],
        pagination: { total: 11, page: 3, limit: 5, totalPages: 3 },
      },
    };
    expect(decoded(contacts.page, body)).toMatchObject({
      items: [{ phone: "+15550101" }],
      total: 11,
      page: 3,
      perPage: 5,
      lastPage: 3,
    });
  });

  it("tells a hidden picture by its absence", () => {
    expect(decoded(contacts.picture, { data: { imgUrl: null } })).toEqual({});
    expect(decoded(contacts.picture, { data: { imgUrl: "https://p.example/1" } })).toEqual({
      url: "https://p.example/1",
    });
  });

  it("saves under the documented, oddly spelled key", () => {
    expect(wireBody(contacts.save, { contact: "+15550101", fullName: "Ada", saveOnPrimaryAddressBook: true })).toEqual({
      jid: "15550101@s.whatsapp.net",
      fullName: "Ada",
      saveOnPrimaryAddressbook: true,
    });
  });

  it("blocks and unblocks on routes of their own", () => {
    expect([contacts.block.path, contacts.unblock.path]).toEqual([
      "/contacts/{contact}/block",
      "/contacts/{contact}/unblock",
    ]);
    expect(decoded(contacts.block, { success: true, data: { message: "Contact blocked" } })).toEqual({
      message: "Contact blocked",
    });
  });

  it("calls a contact without any id malformed", () => {
    expect(thrown(() => decoded(contacts.list, { data: [{ name: "Ada" }] })).message).toContain("data.0.jid");
  });
});

describe("groups", () => {
  it("gives one model for the list, the creation, the metadata and the invitation", () => {
    expect(decoded(groups.list, { data: [{ jid: group, name: "Team", imgUrl: null }] })).toMatchObject([
      { jid: group, subject: "Team" },
    ]);
    const created = {
      id: group,
      owner: "o",
      subject: "Team",
      creation: 1_753_700_000,
      participants: [
        { id: "a@lid", admin: "superadmin" },
        { id: "b@lid", admin: null },
      ],
    };
    expect(decoded(groups.create, { data: created })).toMatchObject({
      jid: group,
      createdAtMs: 1_753_700_000_000,
      participants: [
        { id: "a@lid", role: "superadmin" },
        { id: "b@lid", role: "member" },
      ],
    });
    const metadata = {
      jid: group,
      subject: "Team",
      desc: null,
      participants: [
        { jid: "a@s", isAdmin: true, isSuperAdmin: false },
        { jid: "b@s", isAdmin: true, isSuperAdmin: true },
      ],
    };
    expect(decoded(groups.metadata, { data: metadata }).participants).toMatchObject([
      { id: "a@s", role: "admin" },
      { id: "b@s", role: "superadmin" },
    ]);
    expect(decoded(groups.invite, { data: { id: group, subject: "Team", size: 2, participants: [] } })).toMatchObject({
      jid: group,
      size: 2,
    });
    expect(
      decoded(groups.participants, { data: [{ id: "a@lid", admin: "superadmin" }, { id: "b@lid" }] }),
    ).toMatchObject([{ role: "superadmin" }, { role: "member" }]);
  });

  it("shows who could not be added, in an answer that is a success", () => {
    const data = [
      { status: 200, jid: "a@s", message: "added" },
      { status: 403, jid: "b@s", message: "not-authorized" },
    ];
    expect(decoded(groups.add, { success: true, data })).toEqual([
      { jid: "a@s", succeeded: true, status: 200, message: "added" },
      { jid: "b@s", succeeded: false, status: 403, message: "not-authorized" },
    ]);
  });

  it("reads who changed role from an answer of another shape", () => {
    expect(wireBody(groups.setRole, { group, action: "promote", participants: ["+15550101"] })).toEqual({
      action: "promote",
      participants: ["15550101@s.whatsapp.net"],
    });
    expect(decoded(groups.setRole, { data: { participants: ["15550101@s.whatsapp.net"] } })).toEqual({
      participants: ["15550101@s.whatsapp.net"],
    });
  });

  it("tells a change of roles one by one, and nothing where LIDs hide who is who", () => {
    const asked = ["+15550101", "+15550102", "99887766@lid"];
    expect(roleOutcomes(asked, ["15550101@s.whatsapp.net", "99887766@lid"])).toEqual([
      { jid: "15550101@s.whatsapp.net", succeeded: true },
      { jid: "15550102@s.whatsapp.net", succeeded: false },
      { jid: "99887766@lid", succeeded: true },
    ]);
    expect(roleOutcomes(asked, ["11223344@lid"]).map(({ succeeded }) => succeeded)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(roleOutcomes(asked, []).map(({ succeeded }) => succeeded)).toEqual([false, false, false]);
  });

  it("refuses what is no group and who is no person", () => {
    expect(thrown(() => encoded(groups.leave, { group: "15550101@s.whatsapp.net" })).code).toBe("INPUT_INVALID");
    expect(thrown(() => encoded(groups.add, { group, participants: [] })).code).toBe("INPUT_INVALID");
    expect(thrown(() => encoded(groups.remove, { group, participants: [group] })).code).toBe("INPUT_INVALID");
  });

  it("sends only the settings that change, under the documented names", () => {
    expect(wireBody(groups.update, { group, announce: true, pictureUrl: "https://p.example/1" })).toEqual({
      announce: true,
      profilePicUrl: "https://p.example/1",
    });
    expect(decoded(groups.update, { data: { subject: "Team", description: null } })).toEqual({ subject: "Team" });
  });

  it("takes an invitation as a code or as the link it came in", () => {
    for (const code of ["AbC123", "https://chat.whatsapp.com/AbC123", "https://chat.whatsapp.com/invite/AbC123?x=1"])
      expect(wireBody(groups.acceptInvite, { code })).toEqual({ code: "AbC123" });
    expect(
      decoded(groups.inviteLink, { success: true, inviteLink: "https://chat.whatsapp.com/AbC123" }).inviteLink,
    ).toContain("AbC123");
    expect(decoded(groups.acceptInvite, { data: { id: group } })).toEqual({ jid: group });
  });

  it("asks nothing of the empty answer of leaving", () => {
    expect(groups.leave.decode(answered(200, { success: true, data: {} }))).toBeUndefined();
  });
});

describe("look-ups", () => {
  it("tells whether a number has WhatsApp, and counts it against its limit", () => {
    expect(decoded(lookups.onWhatsApp, { success: true, data: { exists: false } })).toEqual({ exists: false });
    expect(lookups.onWhatsApp.buckets).toEqual(["on_whatsapp"]);
  });

  it("asks for a LID by JID, also when given a number", () => {
    expect(encoded(lookups.lidFromPhone, { phone: "+15550101" }).params).toEqual({ phone: "15550101@s.whatsapp.net" });
    expect(decoded(lookups.lidFromPhone, { data: { lid: "99000000000001@lid" } })).toEqual({
      lid: "99000000000001@lid",
    });
  });

  it("takes an untold number for an answer, not for a fault", () => {
    expect(decoded(lookups.phoneFromLid, { data: { pn: "15550101@s.whatsapp.net" } })).toEqual({
      jid: "15550101@s.whatsapp.net",
      phone: "+15550101",
    });
    expect(decoded(lookups.phoneFromLid, { data: { pn: null } })).toEqual({});
  });

  it("looks a username up by handle", () => {
    expect(encoded(lookups.username, { contact: "@ada" }).params).toEqual({ contact: "@ada" });
    expect(decoded(lookups.username, { data: { jid: "15550101@s.whatsapp.net", username: "ada" } })).toEqual({
      jid: "15550101@s.whatsapp.net",
      username: "ada",
    });
  });
});
