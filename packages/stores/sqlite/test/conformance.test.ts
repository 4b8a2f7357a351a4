import { join } from "node:path";
import { storeSuite } from "@colloquy/conformance";
import { virtualClock } from "@colloquy/core/testing";
import { describe, test } from "vitest";
import { type SqliteStoreOptions, sqliteStore } from "../src/index.js";
import { availableDrivers } from "./available-drivers.js";
import { bytesIn, scratchFolder } from "./scratch.js";

const variants: Readonly<Record<string, Omit<SqliteStoreOptions, "path" | "driver">>> = {
  "with the usual settings": {},
  "with encryption and full durability": { secretKey: "made-up key", durability: "full" },
};

for (const driver of await availableDrivers())
  for (const [title, variant] of Object.entries(variants))
    describe(`the SQLite store over ${driver}, ${title}`, () => {
      const options = { ...variant, driver };
      storeSuite({
        test,
        manifest: sqliteStore({ ...options, path: "unused.db" }).manifest,
        async factory() {
          const folder = await scratchFolder();
          const clock = virtualClock();
          const make = () => sqliteStore({ ...options, clock, path: join(folder, "store.db") });
          return {
            store: make(),
            reopen: async () => make(),
            stored: () => bytesIn(folder),
            passTime: (ms) => clock.advance(ms),
          };
        },
      });
    });
