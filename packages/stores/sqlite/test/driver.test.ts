import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fitsNode } from "../src/driver/better-sqlite3.js";
import { boundConnection } from "../src/driver/bound.js";
import { chooseDriver, driverNames } from "../src/driver/choose.js";
import type { Connection } from "../src/driver/driver.js";
import { availableDrivers } from "./available-drivers.js";
import { scratchFolder } from "./scratch.js";

describe("a release of better-sqlite3", () => {
  test("is loaded only by a Node that it does not crash", () => {
    const pairs = [
      ["12.11.1", "20.20.2"],
      ["12.11.1", "24.21.0"],
      ["13.2.0", "22.23.3"],
      ["13.2.0", "20.20.2"],
      ["11.10.0", "20.20.2"],
      ["14.0.0", "24.0.0"],
      ["?", "24.0.0"],
    ] as const;
    expect(pairs.map(([driver, node]) => fitsNode(driver, node))).toEqual([
      true,
      true,
      true,
      false,
      false,
      true,
      false,
    ]);
  });
});

describe("the choice of a driver", () => {
  test("takes the first that this runtime has", async () => {
    const [first] = await availableDrivers();
    expect((await chooseDriver()).name).toBe(first);
  });

  test("fails with what to install when the named one is missing", async () => {
    const available = await availableDrivers();
    for (const name of driverNames.filter((driver) => !available.includes(driver)))
      await expect(chooseDriver(name)).rejects.toMatchObject({
        code: "STORE_UNAVAILABLE",
        retryable: false,
        userAction: expect.stringContaining("libsql"),
      });
  });
});

describe("parameters for libsql and better-sqlite3", () => {
  const bound: unknown[] = [];
  const statement = {
    reader: false,
    run: (parameters: unknown[]) => ({ changes: bound.push(parameters), lastInsertRowid: 1 }),
    get: () => ({ id: 1, _metadata: { duration: 1 } as never }),
    all: () => [],
  };
  const connection = boundConnection({ exec: () => {}, prepare: () => statement, close: () => {} });

  test("go as one array, bytes as a buffer", () => {
    connection.prepare("").run([new Uint8Array([1, 2, 3]).subarray(1)]);
    expect(bound.at(-1)).toEqual([Buffer.from([2, 3])]);
  });

  test("are refused when libsql would end the process over them", () => {
    for (const value of [true, undefined, {}, () => {}])
      expect(() => connection.prepare("").run([value as never])).toThrow(TypeError);
  });

  test("are not taken by `run` for a statement with rows, which libsql would leave open", () => {
    const reading = boundConnection({
      exec: () => {},
      prepare: () => ({ ...statement, reader: true }),
      close: () => {},
    });
    expect(() => reading.prepare("").run([])).toThrow(TypeError);
  });

  test("come back without libsql's own field", () => {
    expect(connection.prepare("").get([])).toEqual({ id: 1 });
  });
});

for (const name of await availableDrivers())
  describe(`the driver ${name}`, () => {
    const opened = async (): Promise<Connection> => {
      const path = join(await scratchFolder(), "a.db");
      writeFileSync(path, "");
      return (await chooseDriver(name)).open(path);
    };

    test("binds and gives back texts, numbers, bytes and nulls", async () => {
      const connection = await opened();
      connection.exec("CREATE TABLE things (number INTEGER, text TEXT, bytes BLOB, absent TEXT)");
      const insert = connection.prepare("INSERT INTO things VALUES (?, ?, ?, ?)");
      expect(insert.run([2 ** 53 - 1, "é\n'", new Uint8Array([0, 255]), null])).toBe(1);
      const select = connection.prepare("SELECT * FROM things WHERE number > ?");
      for (const row of [select.get([1]), select.all([1])[0]]) {
        expect({ ...row, bytes: [...Buffer.from(row?.["bytes"] as Uint8Array)] }).toEqual({
          number: 2 ** 53 - 1,
          text: "é\n'",
          bytes: [0, 255],
          absent: null,
        });
      }
      expect(select.get([2 ** 53 - 1])).toBeUndefined();
      connection.close();
    });

    test("says how many rows changed, also where there was nothing to insert", async () => {
      const connection = await opened();
      connection.exec("CREATE TABLE things (key INTEGER PRIMARY KEY, text TEXT)");
      const insert = connection.prepare("INSERT INTO things SELECT ?, ? WHERE ? > 0 ON CONFLICT DO NOTHING");
      const given = [
        [2 ** 52, "a", 1],
        [7, "b", 1],
        [7, "c", 1],
        [8, "d", 0],
      ] as const;
      expect(given.map((values) => insert.run([...values]))).toEqual([1, 1, 0, 0]);
      connection.close();
    });

    test.each(["INSERT INTO things VALUES (1)", "BEGIN IMMEDIATE"])(
      "commits what is written after %s found the database locked",
      async (text) => {
        const path = join(await scratchFolder(), "shared.db");
        writeFileSync(path, "");
        const driver = await chooseDriver(name);
        const [one, other] = [driver.open(path), driver.open(path)];
        one.exec("PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 0; CREATE TABLE things (number INTEGER)");
        other.exec("PRAGMA busy_timeout = 0");
        const [refused, insert] = [other.prepare(text), other.prepare("INSERT INTO things VALUES (?)")];
        one.exec("BEGIN IMMEDIATE");
        expect(() => refused.run([])).toThrow("locked");
        one.exec("COMMIT");
        expect(insert.run([2])).toBe(1);
        // By the next transaction it would have been lost.
        other.exec("BEGIN IMMEDIATE; COMMIT");
        expect(one.prepare("SELECT number FROM things").all([])).toEqual([{ number: 2 }]);
        refused.run([]);
        one.close();
        other.close();
      },
    );

    test("answers for the parameters given, whichever way the same statement was used before", async () => {
      const connection = await opened();
      connection.exec("CREATE TABLE things (number INTEGER); INSERT INTO things VALUES (5), (15), (25);");
      const statement = connection.prepare("SELECT number FROM things WHERE number > ?");
      for (const first of ["get", "all"] as const)
        for (const second of ["get", "all"] as const) {
          statement[first]([10]);
          const answer = statement[second]([20]);
          expect(
            [answer].flat().map((row) => row?.["number"]),
            `${first}, then ${second}`,
          ).toEqual([25]);
        }
      connection.close();
    });

    test("does not keep a transaction open after reading one of several rows", async () => {
      const connection = await opened();
      connection.exec(
        "PRAGMA journal_mode = WAL; CREATE TABLE things (number INTEGER); INSERT INTO things VALUES (1), (2);",
      );
      connection.prepare("SELECT number FROM things").get([]);
      expect(connection.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get([])).toMatchObject({ busy: 0, log: 0 });
      connection.close();
    });
  });
