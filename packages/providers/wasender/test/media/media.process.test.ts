import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { SessionEvent, UploadProgress } from "@colloquy/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decryptMedia, decryptMediaStream, encryptedMediaOf } from "../../src/index.js";
import { receiveWebhooks } from "../support/hooked.js";
import { type Service, startService } from "../support/service.js";

const png = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(200_000, 7)]);
const tooLarge = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(17 * 1024 * 1024)]);

let service: Service;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "colloquy-media-"));
  service = await startService({ dials: { scanAfterMs: 10 } });
  for await (const _challenge of service.session.pair()) void 0;
});

afterEach(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

async function fetched(url: string): Promise<Buffer> {
  const answer = await fetch(url);
  expect(answer.ok).toBe(true);
  return Buffer.from(await answer.arrayBuffer());
}

async function nextMessage(session: Service["session"]): Promise<SessionEvent & { readonly raw: unknown }> {
  for await (const event of session.events({ types: ["message.received"] }))
    if (event.type === "message.received") return event;
  throw new Error("No message came.");
}

const uploads = (): number => service.emulator.wasender.requests.filter(({ path }) => path === "/upload").length;

describe("uploading", () => {
  it("takes a path, bytes, a Blob and streams, and the public address gives the same bytes", async () => {
    const file = join(folder, "photo.png");
    await writeFile(file, png);
    const { media } = service.session.provider;
    const half = Math.floor(png.byteLength / 2);
    const pieces = [png.subarray(0, half), png.subarray(half)];
    const answers = [
      await media.upload({ file }),
      await media.upload({ bytes: png, contentType: "image/png" }),
      await media.upload({ blob: new Blob([png]) }),
      await media.upload({ stream: Readable.from(pieces), byteLength: png.byteLength }),
      await media.upload({ stream: new Blob([png]).stream() }),
      await media.uploadBase64({ file }),
      await media.uploadBase64({ stream: Readable.from(pieces), byteLength: png.byteLength }),
    ];
    for (const { value } of answers) expect((await fetched(value.publicUrl)).equals(png)).toBe(true);
  });

  it("tells how much has left, and the file can be sent in a message", async () => {
    const told: UploadProgress[] = [];
    const { value } = await service.session.provider.media.upload({
      bytes: png,
      kind: "image",
      onProgress: (progress) => told.push(progress),
    });
    expect(told.length).toBeGreaterThan(2);
    expect(told.at(-1)).toEqual({ sentBytes: png.byteLength, totalBytes: png.byteLength });
    await service.session.send({ to: "+15550101", text: "Look", media: { kind: "image", url: value.publicUrl } });
    expect(service.emulator.wasender.sent[0]?.body).toMatchObject({ imageUrl: value.publicUrl, text: "Look" });
  });

  it("refuses what is too large before anything is sent", async () => {
    const file = join(folder, "large.png");
    await writeFile(file, tooLarge);
    for (const input of [{ file }, { bytes: tooLarge }])
      await expect(service.session.provider.media.upload(input)).rejects.toMatchObject({
        code: "INPUT_INVALID",
        outcome: "not_attempted",
        fieldErrors: { media: [expect.stringContaining("16777216")] },
      });
    expect(uploads()).toBe(0);
  });

  it("of a file is repeated with the new key after it was replaced elsewhere, and of a spent stream only by the next call", async () => {
    const { colloquy, session, id } = service;
    const { media } = session.provider;
    const elsewhere = colloquy.provider("wasender").sessions;
    await elsewhere.regenerateKey({ id, oldKeyDies: true });
    expect((await media.upload({ bytes: png, kind: "image" })).value.publicUrl).toContain("/media/");
    await elsewhere.regenerateKey({ id, oldKeyDies: true });
    const stream = (): Readable => Readable.from([png]);
    await expect(media.upload({ stream: stream(), byteLength: png.byteLength })).rejects.toMatchObject({
      code: "CREDENTIAL_REJECTED",
    });
    const { value } = await media.upload({ stream: stream(), byteLength: png.byteLength });
    expect((await fetched(value.publicUrl)).equals(png)).toBe(true);
  });

  it("ends when it is aborted", async () => {
    const stop = new AbortController();
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield png;
      stop.abort();
      yield png;
    }
    const upload = service.session.provider.media.upload(
      { stream: slow(), byteLength: 2 * png.byteLength },
      { signal: stop.signal },
    );
    await expect(upload).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
  });
});

describe("received media", () => {
  it.each(["image", "video", "audio", "document", "sticker"] as const)(
    "of kind %s is opened offline and by the API alike",
    async (kind) => {
      const { emulator, session, id } = service;
      const stop = await receiveWebhooks(service, ["messages.received"]);
      emulator.wasender.receive(id, {
        from: "+15550101",
        text: "",
        media: { kind, bytes: png, mimetype: "image/png" },
      });
      const received = await nextMessage(session);
      await stop();
      const media = encryptedMediaOf(received.raw);
      expect(media).toMatchObject({ kind, contentType: "image/png", fileLength: png.byteLength });
      const encrypted = await fetched(media?.url as string);
      expect(Buffer.from(decryptMedia(media as NonNullable<typeof media>, encrypted)).equals(png)).toBe(true);

      const plain: Uint8Array[] = [];
      const body = (await fetch(media?.url as string)).body as unknown as AsyncIterable<Uint8Array>;
      for await (const piece of decryptMediaStream(media as NonNullable<typeof media>, body)) plain.push(piece);
      expect(Buffer.concat(plain).equals(png)).toBe(true);

      const { messages } = (received.raw as { data: { messages: Record<string, unknown> } }).data;
      expect(encryptedMediaOf(messages)).toEqual(media);
      const { value } = await session.provider.media.decrypt({ message: messages });
      expect((await fetched(value.publicUrl)).equals(png)).toBe(true);
    },
  );

  it("is absent from a text, from hostile input, and from a file without a key", () => {
    const withoutKey = { key: { id: "1" }, message: { imageMessage: { url: "https://x.test/1" } } };
    for (const raw of [undefined, null, "text", [], { message: { conversation: "hello" } }, withoutKey])
      expect(encryptedMediaOf(raw)).toBeUndefined();
  });
});
