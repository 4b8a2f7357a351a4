import { systemClock } from "../clock.js";
import type { AnyProvider } from "../contract/index.js";
import { silentLogger } from "../logger.js";
import { systemRandom } from "../random.js";
import { noTelemetry } from "../telemetry.js";
import { Account } from "./account.js";
import { createAxiosExchange } from "./axios-exchange.js";
import { assertCredentialPossible } from "./credentials.js";
import type { ExchangeRequest, OperationResult, Transport } from "./exchange.js";
import { Execution } from "./execution.js";
import { placed } from "./failures.js";
import { Gate } from "./gate.js";
import { HostCircuit } from "./host-circuit.js";
import { resolveLimits, type TransportOptions } from "./options.js";
import { isListening, observe, reportAttempts } from "./reports.js";
import { bottleneckWake } from "./wake.js";
import { buildWireRequest } from "./wire-request.js";
import type { Workshop } from "./workshop.js";

/** One transport serves every provider and session of a process: a limit is only kept by whoever sees all of its requests. */
export function createTransport(options: TransportOptions = {}): Transport {
  const clock = options.clock ?? systemClock;
  const limits = resolveLimits(options.limits);
  const logger = options.logger ?? silentLogger;
  const telemetry = options.telemetry ?? noTelemetry;
  const wake = options.wake ?? bottleneckWake(clock);
  const random = options.random ?? systemRandom;
  const circuits = new Map<string, HostCircuit>();
  const workshop: Workshop = {
    clock,
    random,
    limits,
    gate: new Gate(clock, wake),
    exchange: createAxiosExchange(limits, options.adapter),
    circuitOf: (baseUrl) => {
      let circuit = circuits.get(baseUrl);
      if (!circuit) {
        const host = URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl;
        circuit = circuits.get(host) ?? new HostCircuit(limits, random);
        circuits.set(host, circuit).set(baseUrl, circuit);
      }
      return circuit;
    },
    onAttempt: reportAttempts(logger, telemetry),
  };
  const accounts = new Map<AnyProvider, { readonly key: string; readonly account: Account }>();

  const accountOf = (provider: AnyProvider): { readonly key: string; readonly account: Account } => {
    let entry = accounts.get(provider);
    if (!entry) {
      entry = { key: String(accounts.size), account: new Account(provider, limits.maxConcurrentPerSession) };
      accounts.set(provider, entry);
    }
    return entry;
  };

  const start = async <Input, Output>(request: ExchangeRequest<Input, Output>): Promise<OperationResult<Output>> => {
    const { key, account } = accountOf(request.provider);
    const { provider, operation, session, input } = request;
    let execution: Execution<Input, Output>;
    try {
      assertCredentialPossible(provider, operation, session);
      const context = session?.remoteId === undefined ? {} : { remoteId: session.remoteId };
      execution = new Execution(workshop, account, key, request, buildWireRequest(operation, input, context));
    } catch (error) {
      throw placed(error, { provider, operation, ...(session ? { sessionId: session.id } : {}), secrets: [] });
    }
    return isListening(telemetry) ? observe(telemetry, request, execution) : execution.run();
  };

  return {
    execute: start,
    recall: (provider, operation, session, departures) =>
      accountOf(provider).account.recall(operation, session, departures),
    rateLimits: (provider, sessionId) => {
      const { account } = accountOf(provider);
      return account.views(sessionId, clock.now(), (bucket) => workshop.gate.queuedFor(bucket));
    },
    forget: (provider, sessionId) => {
      const { key, account } = accountOf(provider);
      workshop.gate.dropLines(`${key}\u0000${sessionId}\u0000`);
      account.forget(sessionId);
    },
    close: async () => {
      workshop.gate.close();
      workshop.exchange.close();
      await wake.close();
    },
  };
}
