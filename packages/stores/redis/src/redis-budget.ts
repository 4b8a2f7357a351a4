import type { SharedAnswer, SharedBudget } from "@colloquy/core";
import { Connection } from "./connection.js";
import { type RedisBudgetOptions, settingsOf } from "./options.js";

/**
 * Shares limits between processes over Redis 5 or later: one script call for each exchange, one key for each allowance, which
 * expires by itself. Throws `CONFIG_INVALID` for wrong options; the network is first touched by the first call.
 */
export function redisBudget(options: RedisBudgetOptions): SharedBudget {
  const settings = settingsOf(options);
  const connection = new Connection(settings);
  return {
    name: "redis",
    async exchange({ key, ...call }) {
      // The braces keep one allowance on one node of a cluster.
      return answerOf(await connection.exchange(`${settings.prefix}{${key}}`, JSON.stringify(call)));
    },
    close: async () => connection.close(),
  };
}

/** Epoch, now, whether to tell, not before, ask in, holders; then an id and an instant for each permit. */
function answerOf(text: string): SharedAnswer {
  const [epoch, nowMs, mustTell, notBeforeMs, askInMs, holderCount, ...rest] = JSON.parse(text) as [
    string,
    number,
    number,
    number,
    number,
    number,
    ...number[],
  ];
  const permits = Array.from({ length: rest.length / 2 }, (_, place) => ({
    id: rest[2 * place] as number,
    dueAtMs: rest[2 * place + 1] as number,
  }));
  return { nowMs, epoch, mustTell: mustTell === 1, permits, notBeforeMs, askInMs, holderCount };
}
