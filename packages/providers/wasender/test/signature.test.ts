import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSignedWith, sameBytes } from "../src/signature.js";

/** Bytes that count how often they are looked at. */
function counted(bytes: Uint8Array): { readonly bytes: ArrayLike<number>; readonly reads: () => number } {
  let count = 0;
  const watched = new Proxy(bytes, {
    get(target, name) {
      if (typeof name === "string" && /^\d+$/.test(name)) count += 1;
      return Reflect.get(target, name) as unknown;
    },
  });
  return { bytes: watched, reads: () => count };
}

describe("comparing a signature", () => {
  it("looks at every byte, wherever the first difference is", () => {
    const secret = Uint8Array.from({ length: 32 }, (_unused, place) => place);
    const reads = Array.from({ length: 32 }, (_unused, place) => {
      const given = secret.slice();
      given[place] = 255;
      const { bytes, reads: count } = counted(given);
      expect(sameBytes(bytes, secret)).toBe(false);
      return count();
    });
    const equal = counted(secret.slice());
    expect(sameBytes(equal.bytes, secret)).toBe(true);
    expect(new Set([...reads, equal.reads()])).toEqual(new Set([32]));
  });

  it("tells equal from different bytes of any length", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (left, right) => {
        expect(sameBytes(left, right)).toBe(Buffer.compare(left, right) === 0);
        expect(sameBytes(left, left.slice())).toBe(true);
      }),
    );
  });

  it("accepts the secret alone, whatever characters it has", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), fc.string(), (secret, other) => {
        expect(isSignedWith(secret, secret)).toBe(true);
        expect(isSignedWith(other, secret)).toBe(other === secret);
        expect(isSignedWith(secret, "")).toBe(false);
        expect(isSignedWith(undefined, secret)).toBe(false);
      }),
    );
  });
});
