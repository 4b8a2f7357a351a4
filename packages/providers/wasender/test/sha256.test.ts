import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hex, sha256 } from "../src/sha256.js";

const expected = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("SHA-256 in the language alone", () => {
  it("gives what the platform's own gives, at every length around the edges of blocks", () => {
    for (let length = 0; length <= 260; length += 1) {
      const bytes = Uint8Array.from({ length }, (_unused, place) => (place * 31 + length) & 0xff);
      expect(hex(sha256(bytes))).toBe(expected(bytes));
    }
  });

  it("gives what the platform's own gives for any bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 5_000 }), (bytes) => hex(sha256(bytes)) === expected(bytes)));
  });

  it("gives the digests that the standard prints", () => {
    const text = (words: string): string => hex(sha256(new TextEncoder().encode(words)));
    expect(text("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")).toBe(
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    );
  });

  it("takes 10 MB, and bytes that are a part of a larger buffer", () => {
    const large = new Uint8Array(10_000_000).fill(7);
    expect(hex(sha256(large))).toBe(expected(large));
    expect(hex(sha256(large.subarray(3, 1_000)))).toBe(expected(large.subarray(3, 1_000)));
  });
});
