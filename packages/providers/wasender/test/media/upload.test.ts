import type { EncodeContext, OpenedMedia, WireBody } from "@colloquy/core/contract";
import { describe, expect, it } from "vitest";
import { operations } from "../../src/operations.js";
import { encoded, thrown } from "../support/wire.js";

const { upload, uploadBase64 } = operations.media;
const mebibyte = 1024 * 1024;
const latin = (text: string): Uint8Array => Buffer.from(text, "latin1");

const heads: Readonly<Record<string, Uint8Array>> = {
  "image/png": latin("\x89PNG\r\n\x1a\n"),
  "image/jpeg": latin("\xff\xd8\xff\xe0"),
  "image/gif": latin("GIF89a"),
  "image/webp": latin("RIFF....WEBPVP8 "),
  "video/mp4": latin("\0\0\0\x18ftypisom"),
  "video/3gpp": latin("\0\0\0\x18ftyp3gp4"),
  "audio/mp4": latin("\0\0\0\x18ftypM4A "),
  "audio/mpeg": latin("ID3\x04"),
  "audio/aac": latin("\xff\xf1P\x80"),
  "audio/ogg": latin("OggS\0"),
  "audio/amr": latin("#!AMR\n"),
  "application/pdf": latin("%PDF-1.7"),
  "application/zip": latin("PK\x03\x04"),
};

/** What core gives an encoder for a file. */
function opened(head: Uint8Array, more: Partial<OpenedMedia> = {}): EncodeContext {
  const open = async function* (): AsyncGenerator<Uint8Array> {
    yield head;
  };
  return { media: { byteLength: head.byteLength, canReopen: true, head, open, ...more } };
}

const typeOf = (head: Uint8Array, more: Partial<OpenedMedia> = {}, input = {}): string | undefined =>
  (encoded(upload, { file: "x", ...input }, opened(head, more)).body as { contentType?: string }).contentType;

async function textOf(body: WireBody | undefined): Promise<string> {
  if (body?.kind !== "stream") throw new TypeError("It is no stream.");
  const chunks: Uint8Array[] = [];
  for await (const chunk of body.source.open()) chunks.push(chunk);
  const whole = Buffer.concat(chunks);
  expect(whole.byteLength).toBe(body.source.byteLength);
  return whole.toString();
}

describe("the media type of an upload", () => {
  it.each(Object.entries(heads))("is %s by its first bytes", (contentType, head) => {
    expect(typeOf(head)).toBe(contentType);
    expect(typeOf(head, { fileName: "misleading.csv", declaredType: "text/html" }, {})).toBe(
      contentType === "application/zip" || contentType === "audio/ogg" ? "text/csv" : contentType,
    );
  });

  it("is the caller's word before anything else", () => {
    expect(typeOf(heads["image/png"] as Uint8Array, {}, { contentType: "Image/JPEG" })).toBe("image/jpeg");
  });

  it("is the name's where the first bytes are of a container or of nothing known", () => {
    const zip = heads["application/zip"] as Uint8Array;
    expect(typeOf(zip, { fileName: "report.docx" })).toMatch(/wordprocessingml/);
    expect(typeOf(latin("a,b\n"), { fileName: "TABLE.CSV" })).toBe("text/csv");
    expect(typeOf(latin("a,b\n"), {}, { fileName: "table.csv" })).toBe("text/csv");
  });

  it("is what a Blob says where nothing else tells", () => {
    expect(typeOf(latin("hello"), { declaredType: "text/plain;charset=utf-8" })).toBe("text/plain");
  });

  it("is asked for when nothing tells it", () => {
    expect(thrown(() => typeOf(latin("hello"), { fileName: "hello" })).fieldErrors).toHaveProperty("contentType");
  });
});

describe("the size of an upload", () => {
  const refused = (bytes: number, head: Uint8Array, input = {}) =>
    thrown(() => encoded(upload, { file: "x", ...input }, opened(head, { byteLength: bytes })));
  const taken = (bytes: number, head: Uint8Array, input = {}) =>
    encoded(upload, { file: "x", ...input }, opened(head, { byteLength: bytes })).body?.kind;

  it.each([
    ["image/png", 16 * mebibyte],
    ["image/webp", 5 * mebibyte],
    ["video/mp4", 50 * mebibyte],
    ["audio/mpeg", 16 * mebibyte],
    ["application/pdf", 100 * mebibyte],
  ])("of %s is at most %s bytes", (contentType, bytes) => {
    const head = heads[contentType] as Uint8Array;
    expect(taken(bytes, head)).toBe("stream");
    expect(refused(bytes + 1, head)).toMatchObject({ code: "INPUT_INVALID", fieldErrors: { media: [/bytes/u] } });
  });

  it.each([
    ["image", "image/png", 5 * mebibyte],
    ["sticker", "image/webp", 100 * 1024],
    ["document", "image/png", 16 * mebibyte],
  ] as const)("for a message of kind %s (%s) is at most %s bytes", (kind, contentType, bytes) => {
    const head = heads[contentType] as Uint8Array;
    expect(taken(bytes, head, { kind })).toBe("stream");
    expect(refused(bytes + 1, head, { kind }).fieldErrors).toHaveProperty("media");
  });

  it("is not looked at alone: a kind takes certain types only", () => {
    expect(refused(10, heads["image/gif"] as Uint8Array, { kind: "image" }).fieldErrors).toHaveProperty("contentType");
    expect(refused(10, heads["image/png"] as Uint8Array, { kind: "sticker" }).fieldErrors).toHaveProperty(
      "contentType",
    );
  });

  it("is not zero", () => {
    expect(refused(0, heads["image/png"] as Uint8Array).fieldErrors).toHaveProperty("media");
  });
});

describe("an upload as base64", () => {
  it.each([1, 2, 3, 4, 100, 65_537])(
    "is the same JSON for a file of %s bytes, whatever pieces it comes in",
    async (length) => {
      const bytes = Buffer.from(Array.from({ length }, (_, index) => index % 251));
      for (const pieceBytes of [1, 2, 5, 1_000]) {
        const open = async function* (): AsyncGenerator<Uint8Array> {
          for (let from = 0; from < length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes);
        };
        const context = opened(bytes, { open });
        const { body } = encoded(uploadBase64, { file: "x", contentType: "image/png" }, context);
        expect(body).toMatchObject({ kind: "stream", contentType: "application/json" });
        expect(JSON.parse(await textOf(body))).toEqual({ base64: bytes.toString("base64"), mimetype: "image/png" });
      }
    },
  );

  it("leaves base64 that is there already as it is", () => {
    const { body } = encoded(uploadBase64, { base64: "data:image/png;base64,iVBORw0KGgo=" });
    expect(body).toEqual({ kind: "json", value: { base64: "data:image/png;base64,iVBORw0KGgo=" } });
  });

  it("takes bytes without an opened source too", () => {
    const bytes = heads["image/png"] as Uint8Array;
    expect(encoded(uploadBase64, { bytes }).body).toEqual({
      kind: "json",
      value: { base64: Buffer.from(bytes).toString("base64"), mimetype: "image/png" },
    });
  });
});
