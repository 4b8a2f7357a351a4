import type { Clock } from "../clock.js";
import type { Random } from "../random.js";
import type { AxiosExchange } from "./axios-exchange.js";
import type { ExchangeRequest } from "./exchange.js";
import type { Gate } from "./gate.js";
import type { HostCircuit } from "./host-circuit.js";
import type { TransportLimits } from "./options.js";

/** How one attempt went, for logs and metrics: no token, no text, no number. */
export interface AttemptReport {
  readonly attempt: number;
  readonly status?: number;
  readonly fault?: string;
  readonly durationMs: number;
  readonly isRefused: boolean;
}

/** What a report may know of the call: whose it is, not what it carries. */
export type AttemptSubject = Pick<ExchangeRequest<never, unknown>, "provider" | "session"> & {
  readonly operation: { readonly name: string };
};

/** What every execution shares. */
export interface Workshop {
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: Required<TransportLimits>;
  readonly gate: Gate;
  readonly exchange: AxiosExchange;
  circuitOf(baseUrl: string): HostCircuit;
  onAttempt(subject: AttemptSubject, report: AttemptReport): void;
}
