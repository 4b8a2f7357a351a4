import type { AskFacet, AskQuestion, AskReceipt, Call, JsonValue, Problem } from "../../contract/index.js";
import type { AskRow } from "../../store/asks.js";
import type { ExchangeOptions } from "../exchanges.js";
import { contextOf } from "../session-context.js";
import type { SessionHost } from "../session-host.js";
import type { AskWay, PutOptions } from "./ask-way.js";

/** Puts questions as the provider says. */
export class FacetWay implements AskWay {
  readonly lane: string;
  readonly capacity: number;
  readonly isFinal = true;
  readonly needsSession = true;
  readonly comesBack = true;
  readonly inTurnWithSends: boolean;
  readonly canRemind: boolean;
  readonly #host: SessionHost;
  readonly #facet: AskFacet;

  constructor(host: SessionHost, facet: AskFacet) {
    this.#host = host;
    this.#facet = facet;
    this.lane = `session ${host.record.id}`;
    this.capacity = facet.maxPending ?? Number.POSITIVE_INFINITY;
    this.inTurnWithSends = facet.inTurnWithSends ?? false;
    this.canRemind = facet.remind !== undefined;
  }

  check(question: AskQuestion): readonly Problem[] {
    return this.#facet.check(question, contextOf(this.#host));
  }

  ready(): Promise<void> {
    return this.#host.readyToAsk();
  }

  keys(): readonly string[] {
    return [];
  }

  async mark({ question }: AskRow): Promise<JsonValue | undefined> {
    const procedure = this.#facet.mark?.(question, contextOf(this.#host));
    const { exchanges, record } = this.#host;
    return procedure && exchanges.run(procedure, record, { deadlineAtMs: question.deadlineAtMs });
  }

  put({ question }: AskRow, options: PutOptions): Promise<AskReceipt> {
    const call = this.#facet.ask(question, contextOf(this.#host));
    return this.#execute(call, { ...options, deadlineAtMs: question.deadlineAtMs });
  }

  async settle({ question, mark }: AskRow): Promise<AskReceipt | "not_taken" | undefined> {
    const procedure = this.#facet.settle?.(question, mark, contextOf(this.#host));
    return procedure && this.#host.exchanges.run(procedure, this.#host.record);
  }

  async remind({ question, receipt = {} }: AskRow): Promise<void> {
    const call = this.#facet.remind?.(question, receipt, contextOf(this.#host));
    if (call) await this.#execute(call, { deadlineAtMs: question.deadlineAtMs });
  }

  /** Not done again by a later process: it could ask the second place twice. */
  async escalate({ question, escalate }: AskRow, isAgain: boolean): Promise<void> {
    if (isAgain || !escalate) return;
    const call = this.#facet.ask({ ...question, to: escalate.to }, contextOf(this.#host));
    await this.#execute(call, { deadlineAtMs: question.deadlineAtMs });
  }

  async #execute<Output>(call: Call<Output>, options: ExchangeOptions): Promise<Output> {
    const { value } = await this.#host.execute(call.operation, call.input, options);
    return value as Output;
  }
}
