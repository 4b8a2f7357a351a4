import { describe, expect, it } from "vitest";
import { isExpectedIdentity, namesSameAccount } from "../../src/lifecycle/identity.js";

describe("two spellings of one account", () => {
  it.each([
    ["+15550100000", "15550100000", true],
    ["+1 (555) 010-0000", "+15550100000", true],
    ["alice@example.org", "alice@example.org", true],
    ["+15550100000", "+15550100001", false],
    ["bot-15550100000", "15550100000", false],
    ["123", "1-23", false],
    ["1234567890123456", "+1234567890123456", false],
  ])("%s and %s: %s", (left, right, expected) => {
    expect(namesSameAccount(left, right)).toBe(expected);
    expect(namesSameAccount(right, left)).toBe(expected);
  });

  it("are also found among the aliases", () => {
    expect(isExpectedIdentity("+15550100000", { id: "lid:1", aliases: ["lid:2", "1 555 010 0000"] })).toBe(true);
    expect(isExpectedIdentity("+15550100000", { id: "lid:1", aliases: [] })).toBe(false);
  });
});
