import type { SessionId } from "../../contract/index.js";
import type { AskRow } from "../../store/asks.js";
import { unsupported } from "../exchanges.js";
import type { SessionHost } from "../session-host.js";
import type { AskWay } from "./ask-way.js";
import { FacetWay } from "./facet-way.js";
import { MessageWay } from "./message-way.js";

/** How the questions of one session travel. */
export class AskWays {
  readonly #host: SessionHost;
  readonly #hostOf: (id: SessionId) => Promise<SessionHost>;

  constructor(host: SessionHost, hostOf: (id: SessionId) => Promise<SessionHost>) {
    this.#host = host;
    this.#hostOf = hostOf;
  }

  async of({ route }: Pick<AskRow, "route">): Promise<AskWay> {
    return route ? new MessageWay(await this.#hostOf(route.sessionId), route.to) : this.#facetWay();
  }

  /** To the second place. */
  async second({ route, escalate }: Pick<AskRow, "route" | "escalate">): Promise<AskWay> {
    const sessionId = escalate?.sessionId ?? route?.sessionId;
    if (!escalate || sessionId === undefined) return this.#facetWay();
    return new MessageWay(await this.#hostOf(sessionId), escalate.to);
  }

  #facetWay(): AskWay {
    const facet = this.#host.provider.facets.ask;
    if (!facet) throw unsupported(this.#host.provider, "ask");
    return new FacetWay(this.#host, facet);
  }
}
