import type { LogEntry, LogStore } from "@colloquy/core";
import type { Keys } from "./keys.js";
import { readRow } from "./row-text.js";
import type { Server } from "./server.js";

/** Entry number n is at n - 1 of its list; they are written with the record. */
export function logStore(server: Server, keys: Keys): LogStore {
  return {
    async read(sessionId, { afterSeq = 0, limit = 1_000 } = {}) {
      if (limit < 1) return [];
      const key = keys.of(sessionId, "log");
      const texts = await server.read((client) => client.lrange(key, afterSeq, afterSeq + limit - 1));
      return texts.map((text, index) => readRow<LogEntry>(text, { sessionId, seq: afterSeq + index + 1 }));
    },
  };
}
