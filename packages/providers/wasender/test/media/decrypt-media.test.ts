import { createCipheriv, createHash, createHmac, hkdfSync } from "node:crypto";
import { seededRandom } from "@colloquy/core";
import type { MediaKind } from "@colloquy/core/contract";
import { describe, expect, it } from "vitest";
import { decryptMedia, decryptMediaStream, type EncryptedMedia } from "../../src/index.js";
import { thrown } from "../support/wire.js";

const random = seededRandom(20_261_121);
const randomBytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("base64");

const info: readonly (readonly [MediaKind, string])[] = [
  ["image", "WhatsApp Image Keys"],
  ["sticker", "WhatsApp Image Keys"],
  ["video", "WhatsApp Video Keys"],
  ["audio", "WhatsApp Audio Keys"],
  ["document", "WhatsApp Document Keys"],
];

/** As WhatsApp's servers hold a file, written from the documented derivation alone. */
function sealed(plain: Uint8Array, mediaKey: Uint8Array, keyInfo: string): Buffer {
  const keys = Buffer.from(hkdfSync("sha256", mediaKey, new Uint8Array(0), keyInfo, 112));
  const [iv, cipherKey, macKey] = [keys.subarray(0, 16), keys.subarray(16, 48), keys.subarray(48, 80)];
  const aes = createCipheriv("aes-256-cbc", cipherKey, iv);
  const text = Buffer.concat([aes.update(plain), aes.final()]);
  const mac = createHmac("sha256", macKey)
    .update(Buffer.concat([iv, text]))
    .digest()
    .subarray(0, 10);
  return Buffer.concat([text, mac]);
}

function sample(length = 1_000): { plain: Buffer; file: Buffer; media: EncryptedMedia } {
  const plain = randomBytes(length);
  const mediaKey = randomBytes(32);
  const file = sealed(plain, mediaKey, "WhatsApp Image Keys");
  return { plain, file, media: { kind: "image", mediaKey: mediaKey.toString("base64") } };
}

async function streamed(media: EncryptedMedia, file: Buffer, pieceBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let from = 0; from < file.byteLength; from += pieceBytes) pieces.push(file.subarray(from, from + pieceBytes));
  const plain: Uint8Array[] = [];
  for await (const piece of decryptMediaStream(media, pieces)) plain.push(piece);
  return Buffer.concat(plain);
}

describe("decrypting media offline", () => {
  it.each(info)("opens a file of kind %s", (kind, keyInfo) => {
    const plain = randomBytes(777);
    const mediaKey = randomBytes(32);
    const file = sealed(plain, mediaKey, keyInfo);
    for (const key of [mediaKey, mediaKey.toString("base64")])
      expect(Buffer.from(decryptMedia({ kind, mediaKey: key }, file)).equals(plain)).toBe(true);
  });

  it.each([0, 1, 15, 16, 17, 31, 32, 33, 65_536])(
    "opens a file of %s bytes, whole and in pieces of any size",
    async (length) => {
      const { plain, file, media } = sample(length);
      const checked = { ...media, fileLength: length, fileSha256: sha256(plain), fileEncSha256: sha256(file) };
      expect(Buffer.from(decryptMedia(checked, file)).equals(plain)).toBe(true);
      for (const pieceBytes of [1, 7, 10, 16, 4_096].filter((bytes) => length / bytes < 5_000))
        expect((await streamed(checked, file, pieceBytes)).equals(plain), `pieces of ${pieceBytes}`).toBe(true);
    },
  );

  it("refuses a file of which any one byte was changed", () => {
    const { file, media } = sample(40);
    for (let at = 0; at < file.byteLength; at++) {
      const changed = Buffer.from(file);
      changed[at] = (changed[at] as number) ^ 1;
      expect(thrown(() => decryptMedia(media, changed)).code, `byte ${at}`).toBe("MEDIA_CORRUPT");
    }
  });

  it("refuses a file that was cut short anywhere, or is longer", () => {
    const { file, media } = sample(40);
    for (let length = 0; length < file.byteLength; length++)
      expect(thrown(() => decryptMedia(media, file.subarray(0, length))).code, `${length}`).toBe("MEDIA_CORRUPT");
    expect(thrown(() => decryptMedia(media, Buffer.concat([file, Buffer.alloc(16)]))).code).toBe("MEDIA_CORRUPT");
  });

  it("refuses the key and the kind of another file", () => {
    const { file, media } = sample();
    expect(thrown(() => decryptMedia({ ...media, mediaKey: randomBytes(32) }, file))).toMatchObject({
      code: "MEDIA_CORRUPT",
      outcome: "not_attempted",
    });
    expect(thrown(() => decryptMedia({ ...media, kind: "audio" }, file)).code).toBe("MEDIA_CORRUPT");
  });

  it("refuses a genuine file that is not the one the message tells of", () => {
    const { file, media } = sample();
    const other = sha256(Buffer.from("another file"));
    for (const told of [{ fileLength: 999 }, { fileSha256: other }, { fileEncSha256: other }])
      expect(thrown(() => decryptMedia({ ...media, ...told }, file)).code).toBe("MEDIA_CORRUPT");
  });

  it("refuses what is no key or no kind, without quoting it", () => {
    const { file, media } = sample();
    const short = thrown(() => decryptMedia({ ...media, mediaKey: "c2hvcnQ=" }, file));
    expect(short).toMatchObject({ code: "INPUT_INVALID", fieldErrors: { mediaKey: [expect.any(String)] } });
    expect(`${short.message} ${JSON.stringify(short.fieldErrors)}`).not.toContain("c2hvcnQ");
    const strange = thrown(() => decryptMedia({ ...media, kind: "constructor" as MediaKind }, file));
    expect(strange).toMatchObject({ code: "INPUT_INVALID", fieldErrors: { kind: [expect.any(String)] } });
  });

  it("fails a stream at its end when the file was changed, without giving its last piece away", async () => {
    const { plain, file, media } = sample(1_000);
    file[0] = (file[0] as number) ^ 1;
    const given: Uint8Array[] = [];
    const reading = (async () => {
      for await (const piece of decryptMediaStream(media, [file.subarray(0, 500), file.subarray(500)]))
        given.push(piece);
    })();
    await expect(reading).rejects.toMatchObject({ code: "MEDIA_CORRUPT" });
    expect(Buffer.concat(given).byteLength).toBeLessThan(plain.byteLength);
  });
});
