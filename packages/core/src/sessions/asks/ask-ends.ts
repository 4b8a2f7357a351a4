import { ColloquyError, type JsonValue } from "../../contract/index.js";
import type { AskRow } from "../../store/asks.js";
import { contextOf } from "../session-context.js";
import { fitAnswer } from "./answer-schema.js";
import type { AskOutcome } from "./ask.js";
import type { AskEntry } from "./ask-entry.js";
import { askDelivered, askNotFound, askOutcome } from "./ask-outcome.js";
import type { OpenAsks } from "./open-asks.js";

/** Tells whoever waits what became of a question. */
export class AskEnds {
  readonly #open: OpenAsks;

  constructor(open: OpenAsks) {
    this.#open = open;
  }

  async settled(row: AskRow, entry: AskEntry | undefined): Promise<void> {
    if (entry?.isEnding) return;
    const awaited = entry?.outcome;
    if (entry) entry.isEnding = true;
    try {
      const outcome = await this.#outcomeFor(row, entry);
      // It was taken for an answer, and was none.
      if (outcome === "open") return;
      if (outcome instanceof ColloquyError) entry?.reject?.(outcome);
      else if (outcome) entry?.resolve?.(outcome);
    } finally {
      if (entry) entry.isEnding = false;
    }
    // Somebody began to wait in the meantime.
    if (entry && entry.outcome !== awaited) return this.settled(row, entry);
    this.#open.drop(row.id);
  }

  /** The store no longer has it. */
  vanished(entry: AskEntry): void {
    this.#open.drop(entry.id);
    entry.reject?.(askNotFound(entry.id));
  }

  /** Tells the provider that nobody wants an answer any more. */
  withdraw(row: AskRow, why: "expired" | "cancelled"): void {
    const { host } = this.#open;
    const facet = host.provider.facets.ask;
    if (!facet?.withdraw || row.startedAtMs === undefined || (row.route && !facet.relay)) return;
    const { operation, input } = facet.withdraw(row.question, row.receipt ?? {}, why, contextOf(host));
    host.execute(operation, input, {}).catch((error: unknown) => this.#open.report(row.id, error));
  }

  /** Undefined: nobody waits here. */
  async #outcomeFor(
    row: AskRow,
    entry: AskEntry | undefined,
  ): Promise<AskOutcome<unknown> | ColloquyError | "open" | undefined> {
    const { board, host, runtime, ways } = this.#open;
    if (!entry?.outcome) return undefined;
    if (row.state !== "answered") return askOutcome(row, host.provider.id, undefined);
    if (row.isDelivered) return askDelivered(row);
    const fit = await fitAnswer(entry.schema, row.result?.answer as JsonValue);
    if (!("problems" in fit)) {
      const isOurs = await runtime.store.asks.deliver(row.id);
      return isOurs ? askOutcome(row, host.provider.id, fit.value) : askDelivered(row);
    }
    const way = await ways.of(row);
    const reopened = await board.reopen(row, fit.problems, way.isFinal, way.keys(row.question));
    if (!reopened || reopened.state !== "failed") return "open";
    return askOutcome(reopened, host.provider.id, undefined);
  }
}
