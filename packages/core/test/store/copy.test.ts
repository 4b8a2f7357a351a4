import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { copyJson } from "../../src/store/copy.js";

describe("a copy", () => {
  test("is what a trip through JSON text gives, for any value that JSON can carry", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(copyJson(value)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("is what a trip through JSON text gives, also for what JSON cannot carry", () => {
    const value = {
      absent: undefined,
      call: () => {},
      mark: Symbol("mark"),
      list: [undefined, () => {}, 1],
      numbers: [Number.NaN, Number.POSITIVE_INFINITY, -0],
      date: new Date(0),
      url: new URL("https://example.test/"),
      map: new Map([[1, 2]]),
      bytes: new Uint8Array([1, 2]),
      own: { toJSON: () => ({ told: true }) },
      bare: Object.assign(Object.create(null), { a: 1 }) as object,
    };
    expect(copyJson(value)).toEqual(JSON.parse(JSON.stringify(value)));
  });

  test("keeps a field named __proto__ as a field", () => {
    const value = JSON.parse('{"__proto__": {"isAdmin": true}}') as Record<string, unknown>;
    const copied = copyJson(value);
    expect(Object.keys(copied)).toEqual(["__proto__"]);
    expect((copied as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  test("shares nothing with its original", () => {
    const value = { nested: { list: [{ deep: 1 }] } };
    const copied = copyJson(value);
    value.nested.list.push({ deep: 2 });
    (value.nested.list[0] as { deep: number }).deep = 9;
    expect(copied).toEqual({ nested: { list: [{ deep: 1 }] } });
  });

  test("leaves nothing as nothing", () => {
    expect(copyJson(undefined)).toBeUndefined();
    expect(copyJson(null)).toBeNull();
  });

  test("refuses what JSON refuses", () => {
    expect(() => copyJson({ big: 1n })).toThrow(TypeError);
  });
});
