import { describe, expect, it } from "vitest";
import { createIdentityBook } from "../../src/webhooks/index.js";

describe("the identity book", () => {
  it("knows both ways what it was told", () => {
    const book = createIdentityBook();
    book.learn("1@lid", "+15550101");
    expect([book.phoneOf("1@lid"), book.lidOf("+15550101")]).toEqual(["+15550101", "1@lid"]);
    expect([book.phoneOf("2@lid"), book.lidOf("+15550102")]).toEqual([undefined, undefined]);
  });

  it("believes what it was told last", () => {
    const book = createIdentityBook();
    book.learn("1@lid", "+15550101");
    book.learn("1@lid", "+15550102");
    expect([book.phoneOf("1@lid"), book.lidOf("+15550101")]).toEqual(["+15550102", undefined]);
    book.learn("2@lid", "+15550102");
    expect([book.phoneOf("1@lid"), book.lidOf("+15550102")]).toEqual([undefined, "2@lid"]);
  });

  it("never holds more than its limit, and forgets who was not heard of for longest", () => {
    const book = createIdentityBook(3);
    for (let each = 0; each < 100; each++) {
      book.learn("0@lid", "+15550000");
      book.learn(`${each + 1}@lid`, `+1555${1_000 + each}`);
    }
    expect(book.phoneOf("0@lid")).toBe("+15550000");
    expect(book.phoneOf("100@lid")).toBe("+15551099");
    expect([book.phoneOf("98@lid"), book.lidOf("+15551097")]).toEqual([undefined, undefined]);
  });
});
