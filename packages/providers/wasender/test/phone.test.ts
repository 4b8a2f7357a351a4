import { describe, expect, it } from "vitest";
import { addressKind, normalisePhone, phoneOfJid, toJid, withoutDevice } from "../src/phone.js";

describe("phone numbers and addresses", () => {
  it.each([
    ["+15550100", "+15550100"],
    ["15550100", "+15550100"],
    [" +1 (555) 01-00 ", "+15550100"],
    ["+49.30.1234567", "+49301234567"],
    ["0049301234567", undefined],
    ["555", undefined],
    ["+1234567890123456", undefined],
    ["call me", undefined],
    ["", undefined],
  ])("normalises %j to %s", (text, expected) => {
    expect(normalisePhone(text)).toBe(expected);
  });

  it("finds the number in a user's JID only", () => {
    expect(phoneOfJid("15550100:12@s.whatsapp.net")).toBe("+15550100");
    for (const other of ["99000000000001@lid", "120363000000000001@g.us", "15550100", ""])
      expect(phoneOfJid(other)).toBeUndefined();
  });

  it("makes a JID of a number and leaves every other address", () => {
    expect(toJid("+15550100")).toBe("15550100@s.whatsapp.net");
    expect(toJid("120363000000000001@g.us")).toBe("120363000000000001@g.us");
    expect(withoutDevice("15550100:12@s.whatsapp.net")).toBe("15550100@s.whatsapp.net");
  });

  it.each([
    ["+15550100", "phone"],
    ["15550100@s.whatsapp.net", "user"],
    ["99000000000001@lid", "lid"],
    ["120363000000000001@g.us", "group"],
    ["120363000000000009@newsletter", "newsletter"],
    ["15550100@c.us", undefined],
  ])("knows %s as %s", (address, kind) => {
    expect(addressKind(address)).toBe(kind);
  });
});
