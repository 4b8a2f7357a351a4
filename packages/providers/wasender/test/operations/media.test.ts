import { describe, expect, it } from "vitest";
import { media } from "../../src/operations/media.js";
import { decoded, encoded, fixture, thrown, wireBody } from "../support/wire.js";

const publicUrl = "https://wasenderapi.com/media/made-up.png";

describe("media", () => {
  it("uploads bytes as they are, under their own type", () => {
    const bytes = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
    expect(encoded(media.upload, { bytes, contentType: "image/png" }).body).toEqual({
      kind: "bytes",
      value: bytes,
      contentType: "image/png",
    });
    expect(decoded(media.upload, { success: true, publicUrl })).toEqual({ publicUrl });
  });

  it("refuses bytes without content or without a real type", () => {
    for (const input of [
      { bytes: new Uint8Array(), contentType: "image/png" },
      { bytes: Uint8Array.of(1), contentType: "" },
      { bytes: Uint8Array.of(1), contentType: "image/png\r\nX: y" },
      { bytes: Uint8Array.of(1), contentType: "application/json" },
    ])
      expect(thrown(() => encoded(media.upload, input)).code).toBe("INPUT_INVALID");
  });

  it("uploads base64 with the type under the documented key", () => {
    expect(wireBody(media.uploadBase64, { base64: "aGk=", contentType: "image/png" })).toEqual({
      base64: "aGk=",
      mimetype: "image/png",
    });
    expect(wireBody(media.uploadBase64, { base64: "data:image/png;base64,aGk=" })).toEqual({
      base64: "data:image/png;base64,aGk=",
    });
  });

  it("decrypts the message of a webhook as it came", () => {
    const webhook = fixture("webhooks") as Record<string, { data: { messages: Record<string, unknown> } }>;
    const message = webhook["messages-group.received"]?.data.messages ?? {};
    expect(wireBody(media.decrypt, { message })).toEqual({
      data: {
        messages: {
          key: { id: "3EB0IN03" },
          message: {
            imageMessage: { url: "https://mmg.whatsapp.net/made-up", mimetype: "image/jpeg", mediaKey: "bWFkZS11cA==" },
          },
        },
      },
    });
  });

  it("takes the media out of its wrappers first", () => {
    const documentMessage = {
      url: "https://m.example/1",
      mimetype: "application/pdf",
      mediaKey: "a",
      fileSha256: "b",
      fileLength: "12",
      fileName: "bill.pdf",
    };
    const message = { key: { id: "A" }, message: { documentWithCaptionMessage: { message: { documentMessage } } } };
    expect(wireBody(media.decrypt, { message })).toEqual({
      data: { messages: { key: { id: "A" }, message: { documentMessage } } },
    });
  });

  it("refuses a message without media or without its key", () => {
    for (const message of [
      {},
      { key: { id: "A" }, message: { conversation: "x" } },
      { key: { id: "A" }, message: { imageMessage: { url: "https://m.example/1" } } },
    ])
      expect(thrown(() => encoded(media.decrypt, { message })).code).toBe("INPUT_INVALID");
  });

  it("reads the address with and without `success` beside it", () => {
    expect(decoded(media.decrypt, { success: true, publicUrl })).toEqual({ publicUrl });
    expect(decoded(media.decrypt, { publicUrl })).toEqual({ publicUrl });
  });
});
