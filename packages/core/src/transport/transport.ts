import { systemClock } from "../clock.js";
import type { AnyProvider } from "../contract/index.js";
import { silentLogger } from "../logger.js";
import { systemRandom } from "../random.js";
import { noTelemetry } from "../telemetry.js";
import { Account } from "./account.js";
import { createAxiosExchange } from "./axios-exchange.js";
import { Dispatcher, type KnownAccount } from "./dispatcher.js";
import type { Transport } from "./exchange.js";
import { Gate } from "./gate.js";
import { registerGauges } from "./gauges.js";
import { HostCircuit } from "./host-circuit.js";
import { resolveLimits, type TransportOptions } from "./options.js";
import { reportAttempts } from "./reports.js";
import { Sharing } from "./shared/sharing.js";
import { bottleneckWake } from "./wake.js";
import type { Workshop } from "./workshop.js";

/** One transport serves every provider and session of a process: a limit is only kept by whoever sees all of its requests. */
export function createTransport(options: TransportOptions = {}): Transport {
  const clock = options.clock ?? systemClock;
  const limits = resolveLimits(options.limits);
  const logger = options.logger ?? silentLogger;
  const telemetry = options.telemetry ?? noTelemetry;
  const wake = options.wake ?? bottleneckWake(clock);
  const random = options.random ?? systemRandom;
  const gate = new Gate(clock, wake, options.onPacing);
  const { sharedBudget: budget } = options;
  const sharing = budget && new Sharing({ budget, clock, random, logger, telemetry, gate });
  const circuits = new Map<string, HostCircuit>();
  const workshop: Workshop = {
    clock,
    random,
    limits,
    gate,
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
  const accounts = new Map<AnyProvider, KnownAccount>();

  const accountOf = (provider: AnyProvider): KnownAccount => {
    let entry = accounts.get(provider);
    if (!entry) {
      entry = { key: String(accounts.size), account: new Account(provider, limits.maxConcurrentPerSession, sharing) };
      accounts.set(provider, entry);
    }
    return entry;
  };

  const stopGauges = registerGauges(telemetry, function* () {
    for (const [provider, { account }] of accounts)
      yield [provider.id, account.views(undefined, clock.now(), (bucket) => gate.queuedFor(bucket))];
  });
  const dispatcher = new Dispatcher(workshop, telemetry, accountOf);

  return {
    execute: (request) => dispatcher.execute(request),
    recall: (provider, operation, session, departures) =>
      accountOf(provider).account.recall(operation, session, departures),
    rateLimits: (provider, session) => {
      const { account } = accountOf(provider);
      return account.views(session, clock.now(), (bucket) => workshop.gate.queuedFor(bucket));
    },
    forget: (provider, sessionId) => {
      const { key, account } = accountOf(provider);
      workshop.gate.dropLines(`${key}\u0000${sessionId}\u0000`);
      account.forget(sessionId);
    },
    close: async () => {
      stopGauges();
      workshop.gate.close();
      workshop.exchange.close();
      await sharing?.close();
      await wake.close();
    },
  };
}
