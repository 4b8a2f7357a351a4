import type { OutboundMessage } from "@colloquy/core/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bodyOfMessage, problemsOfMessage } from "../src/message-body.js";

const to = "+15550101";
const fieldsOf = (message: Partial<OutboundMessage>): readonly string[] =>
  problemsOfMessage({ to, ...message }).map(({ field }) => field);
const image = { kind: "image", url: "https://a.example/a.png" } as const;

describe("checking a message", () => {
  it.each([
    "+15550101",
    "15550101",
    "15550101@s.whatsapp.net",
    "99000000000001@lid",
    "120363000000000001@g.us",
    "15550100-1400000000@g.us",
    "120363000000000009@newsletter",
  ])("accepts %s as a recipient", (recipient) => {
    expect(fieldsOf({ to: recipient, text: "hello" })).toEqual([]);
  });

  it.each([
    "",
    "+",
    "0123456789",
    "+1 555 0101",
    "123",
    "+1234567890123456",
    "ada@example.com",
    "15550101@c.us",
    "@g.us",
    "15550101@s.whatsapp.net\n",
  ])("refuses %j as a recipient", (recipient) => {
    expect(fieldsOf({ to: recipient, text: "hello" })).toEqual(["to"]);
  });

  it("wants one body, and no text beside one that cannot show it", () => {
    expect(fieldsOf({})).toEqual(["text"]);
    expect(fieldsOf({ text: "  " })).toEqual(["text"]);
    expect(fieldsOf({ media: image, poll: { question: "?", options: ["a", "b"] } })).toEqual(["poll"]);
    expect(fieldsOf({ text: "hello", contact: { name: "Ada", phone: "+15550102" } })).toEqual(["text"]);
    expect(fieldsOf({ text: "caption", media: image })).toEqual([]);
  });

  it.each([
    [1, false],
    [2, true],
    [12, true],
    [13, false],
  ])("of %i poll options says %s", (count, fits) => {
    const options = Array.from({ length: count }, (_, index) => `option ${index}`);
    expect(fieldsOf({ poll: { question: "Which?", options } })).toEqual(fits ? [] : ["poll.options"]);
  });

  it("lets people be mentioned in groups only, and only people", () => {
    expect(fieldsOf({ text: "@15550102", mentions: ["+15550102"] })).toEqual(["mentions"]);
    expect(fieldsOf({ to: "120363000000000001@g.us", text: "@x", mentions: ["120363000000000001@g.us"] })).toEqual([
      "mentions",
    ]);
    expect(fieldsOf({ text: "hello", mentions: [] })).toEqual([]);
  });

  it("lets only images, videos and audios be viewed once", () => {
    for (const kind of ["image", "video", "audio"] as const)
      expect(fieldsOf({ media: { ...image, kind }, viewOnce: true })).toEqual([]);
    for (const kind of ["document", "sticker"] as const)
      expect(fieldsOf({ media: { ...image, kind }, viewOnce: true })).toEqual(["viewOnce"]);
    expect(fieldsOf({ text: "hello", viewOnce: true })).toEqual(["viewOnce"]);
    expect(fieldsOf({ text: "hello", viewOnce: false })).toEqual([]);
  });

  it("wants media by web address, and a file name for documents only", () => {
    for (const url of ["", "file:///etc/passwd", "data:image/png;base64,aGk=", "a.png"])
      expect(fieldsOf({ media: { ...image, url } })).toEqual(["media.url"]);
    expect(fieldsOf({ media: { ...image, fileName: "a.png" } })).toEqual(["media.fileName"]);
  });

  it("wants a real place, a named contact and the number of the message that is answered", () => {
    expect(fieldsOf({ location: { latitude: 91, longitude: Number.NaN } })).toEqual([
      "location.latitude",
      "location.longitude",
    ]);
    expect(fieldsOf({ contact: { name: "", phone: " " } })).toEqual(["contact.name", "contact.phone"]);
    expect(fieldsOf({ text: "yes", replyTo: "3EB0IN01" })).toEqual(["replyTo"]);
  });

  it("never lets a key with null or undefined, or an undocumented one, onto the wire", () => {
    const keys = new Set([
      "to",
      "text",
      "imageUrl",
      "videoUrl",
      "documentUrl",
      "fileName",
      "audioUrl",
      "stickerUrl",
      "contact",
      "location",
      "poll",
      "replyTo",
      "mentions",
      "viewOnce",
    ]);
    const option = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
    const message = fc.record({
      id: option(fc.string()),
      to: fc.string(),
      text: option(fc.string()),
      media: option(
        fc.record({
          kind: fc.constantFrom("image", "video", "audio", "document", "sticker"),
          url: fc.string(),
          fileName: option(fc.string()),
        }),
      ),
      poll: option(
        fc.record({ question: fc.string(), options: fc.array(fc.string()), multiSelect: option(fc.boolean()) }),
      ),
      location: option(
        fc.record({
          latitude: fc.double(),
          longitude: fc.double(),
          name: option(fc.string()),
          address: option(fc.string()),
        }),
      ),
      replyTo: option(fc.nat().map(String)),
      mentions: option(fc.array(fc.string())),
      viewOnce: option(fc.boolean()),
      priority: option(fc.constantFrom("urgent", "bulk")),
    });
    fc.assert(
      fc.property(message, (random) => {
        const body = bodyOfMessage(random as unknown as OutboundMessage);
        const isWrong = ([key, value]: [string, unknown]): boolean =>
          !keys.has(key) || value == null || (typeof value === "object" && Object.values(value).includes(undefined));
        expect(Object.entries(body).filter(isWrong)).toEqual([]);
      }),
    );
  });
});
