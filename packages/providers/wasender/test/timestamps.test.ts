import { describe, expect, it } from "vitest";
import { unixInstantMs, writtenInstantMs } from "../src/timestamps.js";

describe("instants on the wire", () => {
  it.each([
    ["seconds", 1_753_700_390, 1_753_700_390_000],
    ["milliseconds", 1_753_700_390_123, 1_753_700_390_123],
    ["seconds as text", "1753700390", 1_753_700_390_000],
    ["the halves of a long", { low: 1_753_700_390, high: 0, unsigned: true }, 1_753_700_390_000],
    [
      "a long in milliseconds whose lower half is written as negative",
      { low: 1_369_233_955 - 2 ** 32, high: 408, unsigned: false },
      408 * 2 ** 32 + 1_369_233_955,
    ],
  ])("reads %s", (_form, value, expected) => {
    expect(unixInstantMs(value)).toBe(expected);
  });

  it("reads nothing from what is no instant", () => {
    for (const value of [
      undefined,
      null,
      "",
      "soon",
      -1,
      0,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      {},
      { low: "1", high: 0 },
      [],
    ])
      expect(unixInstantMs(value)).toBeUndefined();
  });

  it("reads written instants with a zone, and without one as UTC", () => {
    expect(writtenInstantMs("2025-04-01T12:00:00Z")).toBe(Date.UTC(2025, 3, 1, 12));
    expect(writtenInstantMs("2025-04-01T14:00:00+02:00")).toBe(Date.UTC(2025, 3, 1, 12));
    expect(writtenInstantMs("2025-04-01 12:00:00")).toBe(Date.UTC(2025, 3, 1, 12));
    expect(writtenInstantMs("2025-09-23T12:00:00.000000Z")).toBe(Date.UTC(2025, 8, 23, 12));
    for (const value of [null, "", "yesterday", 5]) expect(writtenInstantMs(value)).toBeUndefined();
  });
});
