import { ColloquyError } from "@colloquy/core/contract";
import { describe, expect, test } from "vitest";
import { kindOf, storeFailure } from "../src/failure.js";

const asNode = (errcode: number): Error =>
  Object.assign(new Error("of node:sqlite"), { code: "ERR_SQLITE_ERROR", errcode });
const asLibsql = (rawCode: number, code: string): Error => Object.assign(new Error("of libsql"), { code, rawCode });
const asBetterSqlite3 = (code: string): Error => Object.assign(new Error("of better-sqlite3"), { code });

describe("a driver's error", () => {
  test("is understood from any driver, with extended codes", () => {
    expect(
      [asNode(5), asNode(261), asLibsql(5, "SQLITE_BUSY"), asBetterSqlite3("SQLITE_BUSY_RECOVERY"), asNode(6)].map(
        kindOf,
      ),
    ).toEqual(Array(5).fill("busy"));
    expect(
      [asNode(26), asNode(11), asNode(267), asLibsql(26, "SQLITE_NOTADB"), asBetterSqlite3("SQLITE_CORRUPT_VTAB")].map(
        kindOf,
      ),
    ).toEqual(Array(5).fill("damaged"));
    expect([asNode(8), asNode(1032), asBetterSqlite3("SQLITE_READONLY_DBMOVED")].map(kindOf)).toEqual(
      Array(3).fill("read_only"),
    );
    expect([asNode(13), Object.assign(new Error(), { code: "ENOSPC" })].map(kindOf)).toEqual(["full", "full"]);
    expect(
      [
        asNode(14),
        new Error('ConnectionFailed("Unable to open connection to local database /a: 14")'),
        Object.assign(new Error(), { code: "ENOTDIR" }),
      ].map(kindOf),
    ).toEqual(Array(3).fill("unreachable"));
    expect([asNode(1), new Error("?"), "text", undefined, null].map(kindOf)).toEqual(Array(5).fill("other"));
  });

  test("becomes STORE_CORRUPT when the file is damaged, with what to do", () => {
    expect(storeFailure("/a.db", asNode(26))).toMatchObject({
      code: "STORE_CORRUPT",
      outcome: "not_attempted",
      retryable: false,
      message: expect.stringContaining("/a.db"),
      userAction: expect.stringContaining("backup"),
    });
  });

  test("becomes STORE_UNAVAILABLE otherwise, repeatable only where waiting may help", () => {
    const retryable = (error: Error): unknown => {
      const failure = storeFailure("/a.db", error);
      expect(failure).toMatchObject({
        code: "STORE_UNAVAILABLE",
        cause: error,
        userAction: expect.stringMatching(/./),
      });
      return (failure as ColloquyError).retryable;
    };
    expect([asNode(5), asNode(13)].map(retryable)).toEqual([true, true]);
    expect([asNode(8), asNode(14), asNode(10)].map(retryable)).toEqual([false, false, false]);
  });

  test("passes as it is when it is ours or a mistake in the program", () => {
    for (const error of [new ColloquyError({ code: "STORE_CONFLICT", message: "ours" }), new TypeError("mistake")])
      expect(storeFailure("/a.db", error)).toBe(error);
  });
});
