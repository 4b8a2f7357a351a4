import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cursorOf, type Place, placeOf, SessionOrder } from "../../src/store/session-order.js";

const compare = (one: Place, other: Place): number =>
  one.createdAtMs - other.createdAtMs || (one.id < other.id ? -1 : 1);

const places = fc.uniqueArray(
  fc.record({ createdAtMs: fc.integer({ min: 0, max: 5 }), id: fc.stringMatching(/^[a-e:]{1,3}$/) }),
  { selector: ({ id }) => id },
);

describe("the order of sessions", () => {
  test("is newest first by creation, then by id, whatever the order of adding and removing", () => {
    fc.assert(
      fc.property(places, fc.nat(), (added, removals) => {
        const order = new SessionOrder();
        for (const place of added) order.add(place);
        const [gone, kept] = [
          added.slice(0, removals % (added.length + 1)),
          added.slice(removals % (added.length + 1)),
        ];
        for (const place of gone) order.remove(place);
        expect([...order.newestFirst()]).toEqual(kept.toSorted(compare).toReversed());
      }),
    );
  });

  test("goes on after any cursor, also one whose session is gone", () => {
    fc.assert(
      fc.property(places, fc.nat(), (added, choice) => {
        const sorted = added.toSorted(compare).toReversed();
        const index = choice % (added.length || 1);
        const after = sorted[index];
        if (!after) return;
        const order = new SessionOrder();
        for (const place of added) if (place !== after) order.add(place);
        expect([...order.newestFirst(placeOf(cursorOf(after)))]).toEqual(sorted.slice(index + 1));
      }),
    );
  });

  test("refuses a cursor that it did not give", () => {
    for (const cursor of ["", "abc", "12", ":a", "12:"])
      expect(() => placeOf(cursor)).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });
});
