import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { MaskedWriter } from "../../src/channel/masked-writer.js";
import { seeded, seededBytes } from "../support/setting.js";

function collector(): { readonly socket: Writable; readonly written: Buffer[] } {
  const written: Buffer[] = [];
  const socket = new Writable({
    write(chunk: Buffer, _encoding, done) {
      // The writer may use its buffer again once this was called back.
      written.push(Buffer.from(chunk));
      done();
    },
  });
  return { socket, written };
}

/** Reads masked binary messages, straight from the RFC's picture. */
function unmasked(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let place = 0; place < bytes.length; ) {
    expect(bytes[place]).toBe(0x82);
    let length = bytes[place + 1]! & 0x7f;
    expect(bytes[place + 1]! & 0x80).toBe(0x80);
    place += 2;
    if (length === 126) {
      length = bytes.readUInt16BE(place);
      place += 2;
    } else if (length === 127) {
      length = Number(bytes.readBigUInt64BE(place));
      place += 8;
    }
    const mask = bytes.subarray(place, place + 4);
    place += 4;
    messages.push(Buffer.from(bytes.subarray(place, place + length).map((byte, index) => byte ^ mask[index % 4]!)));
    place += length;
  }
  return messages;
}

describe("masked WebSocket messages", () => {
  it("come back exactly for every length around the borders of the header and of a word", () => {
    const { socket, written } = collector();
    const writer = new MaskedWriter(socket);
    const lengths = [
      0, 1, 2, 3, 4, 5, 7, 8, 124, 125, 126, 127, 128, 1143, 1144, 1145, 65_535, 65_536, 65_537, 300_001,
    ];
    const sent = lengths.map((length) => seededBytes(length, length));
    for (const message of sent) writer.write(message);
    writer.flush();
    const got = unmasked(Buffer.concat(written));
    expect(got.map(({ length }) => length)).toEqual(lengths);
    for (const [index, message] of got.entries()) expect(message.equals(sent[index]!)).toBe(true);
  });

  it("come back exactly when thousands share buffers that are used again", () => {
    const { socket, written } = collector();
    const writer = new MaskedWriter(socket);
    const random = seeded(3);
    const sent = Array.from({ length: 3000 }, (_, index) => seededBytes(index, Math.floor(random() * 1500)));
    for (const [index, message] of sent.entries()) {
      writer.write(message);
      if (index % 40 === 39) writer.flush();
    }
    writer.flush();
    expect(Buffer.concat(unmasked(Buffer.concat(written))).equals(Buffer.concat(sent))).toBe(true);
    expect(written.length).toBeLessThan(100);
  });

  it("have a different mask each", () => {
    const { socket, written } = collector();
    const writer = new MaskedWriter(socket);
    for (let index = 0; index < 2000; index++) writer.write(Buffer.alloc(1));
    writer.flush();
    const bytes = Buffer.concat(written);
    const masks = new Set(
      Array.from({ length: 2000 }, (_, index) => bytes.toString("hex", index * 7 + 2, index * 7 + 6)),
    );
    expect(masks.size).toBeGreaterThan(1990);
  });

  it("count as pending until they are flushed", () => {
    const { socket } = collector();
    const writer = new MaskedWriter(socket);
    writer.write(Buffer.alloc(10));
    expect(writer.pendingBytes).toBe(16);
    writer.flush();
    expect(writer.pendingBytes).toBe(0);
  });
});
