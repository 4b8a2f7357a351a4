import { exchangeOn, type KeptLedger, type SharedAnswer, type SharedBudget, type SharedCall } from "@colloquy/core";
import { Cells } from "./cells.js";
import { Link } from "./link.js";
import { type NatsBudgetOptions, settingsOf } from "./options.js";
import { checkServer } from "./server-facts.js";

/**
 * What nobody asked for so long is removed by the server, which knows no shorter time for single keys. Nothing depends on it but
 * room: a ledger that is too old is not looked at. ASSUMED: longer than any window that is worth sharing.
 */
const keptMs = 7 * 86_400_000;

/**
 * Shares limits between processes over nats-server 2.9 or later with JetStream: each exchange is one compare-and-set in a bucket
 * and one read of what the server says of it, at the server's own time. An exchange that fails leaves the caller with a safe part
 * of its own, as `SharedBudget` says. Throws `CONFIG_INVALID` for wrong options; the network is first touched by the first call.
 */
export function natsBudget(options: NatsBudgetOptions): SharedBudget {
  const settings = settingsOf("natsBudget", options, { timeoutMs: 400, environment: {} });
  const link = new Link(settings);
  const cells = new Cells<KeptLedger, SharedCall, SharedAnswer>(
    link,
    `${settings.prefix}_limits`,
    { replicas: settings.replicas, ttlMs: keptMs },
    (state, call, nowMs) => {
      const { kept, answer } = exchangeOn(state, call, nowMs);
      return { state: kept, result: answer };
    },
  );
  return {
    name: "nats",
    async exchange(call) {
      await link.open(async (tools) => {
        await checkServer("natsBudget", tools, settings.replicas, settings.logger);
        await cells.prepare(tools);
      });
      return cells.take(call.key, call);
    },
    close: () => link.close(),
  };
}
