import { describe, expect, test } from "vitest";
import { idOf, keyText } from "../src/key-text.js";

const awkward = ["a\0b", "\0", "\ud800", "\ud801", "a\udfffb", "\u0001", '\u0001"a"', '\u0001"a\\u0000b"'];

describe("the text of an id in a column", () => {
  test("is the id itself for ordinary ids, also beyond the basic plane", () => {
    for (const id of ["ses_01", "true_+15550100@c.us_3EB0", "é 👍", "", "'; --"]) expect(keyText(id)).toBe(id);
  });

  test("is well-formed, has no NUL, differs for different ids, and leads back to the id", () => {
    const keys = awkward.map(keyText);
    for (const key of keys) expect(key).not.toMatch(/[\0\p{Surrogate}]/u);
    expect(new Set(keys).size).toBe(awkward.length);
    expect(keys.map(idOf)).toEqual(awkward);
  });
});
