import {
  type AnyProvider,
  type Colloquy,
  createColloquy,
  memoryStore,
  noTelemetry,
  type Session,
  type Store,
} from "@colloquy/core";
import type { ProviderCaseContext } from "./provider-case.js";
import { hurried } from "./vary.js";
import type { ProviderWorld } from "./world.js";

/** Runs one test in a world of its own, and takes everything down after it. */
export async function withContext(
  harness: () => Promise<ProviderWorld>,
  run: (context: ProviderCaseContext) => Promise<void>,
): Promise<void> {
  const world = await harness();
  const opened: Colloquy<readonly AnyProvider[]>[] = [];
  try {
    await run(contextOf(world, opened));
  } finally {
    await Promise.all(opened.map((colloquy) => colloquy.shutdown({ graceMs: 0 })));
    await world.dispose();
  }
}

function contextOf(world: ProviderWorld, opened: Colloquy<readonly AnyProvider[]>[]): ProviderCaseContext {
  const provider = hurried(world.provider);
  const store = memoryStore();
  const log: string[] = [];
  // One per provider and store: a limit is only kept by whoever sees all of its requests.
  const known = new Map<AnyProvider, Map<Store, Colloquy<readonly AnyProvider[]>>>();

  const colloquy = (using: AnyProvider = provider, kept: Store = store): Colloquy<readonly AnyProvider[]> => {
    const byStore = known.get(using) ?? new Map<Store, Colloquy<readonly AnyProvider[]>>();
    known.set(using, byStore);
    const found = byStore.get(kept);
    if (found) return found;
    const made: Colloquy<readonly AnyProvider[]> = createColloquy({
      providers: [using] as readonly AnyProvider[],
      store: kept,
      // ASSUMED, all of them: short, as everything is on this machine.
      reconnect: { baseMs: 20, capMs: 100 },
      transport: { limits: { maxAttempts: 2, backoffBaseMs: 5, backoffCapMs: 20, attemptTimeoutMs: 5_000 } },
      logger: { log: (level, event, fields) => void log.push(`${level} ${event} ${JSON.stringify(fields)}`) },
      telemetry: noTelemetry,
    });
    byStore.set(kept, made);
    opened.push(made);
    return made;
  };

  const created = async (using?: AnyProvider): Promise<Session> =>
    colloquy(using).sessions.create(provider.id, world.sessionInput);

  const connected = async (using?: AnyProvider): Promise<Session> => {
    const session = await created(using);
    if ((using ?? provider).facets.pairing)
      for await (const _challenge of session.pair({ signal: AbortSignal.timeout(4_000) }))
        await world.people.scan(session.remoteId as string);
    else await session.start();
    await session.waitFor(world.standsAs ?? "connected", { timeoutMs: 4_000 });
    return session;
  };

  return { world, provider, store, log, colloquy, created, connected };
}
