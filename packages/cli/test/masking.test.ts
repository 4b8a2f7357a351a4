import { describe, expect, it } from "vitest";
import { maskAddress, maskPhone, maskText } from "../src/masking.js";

describe("masking", () => {
  it("keeps the start and the end of a phone number", () => {
    expect(maskPhone("+15550100")).toBe("+1555•••00");
    expect(maskPhone("4915112345678")).toBe("4915•••78");
    expect(maskPhone("12345")).toBe("•••");
  });

  it("masks the number in a chat's name and keeps what kind of chat it is", () => {
    expect(maskAddress("15550100@s.whatsapp.net")).toBe("1555•••00@s.whatsapp.net");
    expect(maskAddress("120363041234567890@g.us")).toBe("1203•••90@g.us");
    expect(maskAddress("support@example.org")).toBe("support@example.org");
  });

  it("takes numbers, chats, tokens, keys and given secrets out of a text", () => {
    const key = "0123456789abcdef".repeat(4);
    const text = `To +1 (555) 01-00 or 15550100123 at 15550100@s.whatsapp.net with 12|${"x".repeat(40)}, ${key} and hush-hush`;
    const masked = maskText(text, ["hush-hush"]);
    expect(masked).toBe("To +1555•••00 or 1555•••23 at 1555•••00@s.whatsapp.net with [token], [key] and [secret]");
  });

  it.each([
    "Session ses_01m7z42prg7x306fwk017h73rc is gone.",
    "It is still pairing after 12000 ms.",
    "At 2026-11-21T13:18:22.030Z it stopped.",
    "http://127.0.0.1:4567/wasender/api does not answer",
  ])("leaves ids, durations, dates and addresses readable: %s", (text) => {
    expect(maskText(text)).toBe(text);
  });
});
