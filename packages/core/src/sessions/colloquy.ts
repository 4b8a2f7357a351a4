import {
  type AnyProvider,
  ColloquyError,
  type RemoteSession,
  type SessionId,
  type SessionState,
} from "../contract/index.js";
import { type Conversations, createConversations } from "../conversations/conversations.js";
import { localService } from "../conversations/local-service.js";
import { newSnapshot } from "../lifecycle/snapshot.js";
import { mintId } from "../random.js";
import type { SessionRecord } from "../store/store.js";
import { AskDesk } from "./asks/ask-desk.js";
import { type Asks, boundAsks } from "./asks/asks.js";
import { type BoundOperations, bindOperations } from "./bound-operations.js";
import { invalid } from "./check-message.js";
import { type ColloquyOptions, createRuntime } from "./create-runtime.js";
import { toExchangeOptions } from "./exchange-options.js";
import { Exchanges } from "./exchanges.js";
import { Claims } from "./fleet/claims.js";
import { inParallel } from "./fleet/in-parallel.js";
import { settingsOf, type WorkerOptions } from "./fleet/options.js";
import { type Crew, FleetWorker, type Worker } from "./fleet/worker.js";
import { type OperationsOf, Session } from "./session.js";
import { readRecord, SessionHost } from "./session-host.js";
import type { CreateOptions, ListQuery, ProviderOf, Sessions } from "./sessions.js";

export interface Colloquy<Providers extends readonly AnyProvider[]> {
  readonly sessions: Sessions<Providers>;
  /** Questions, whichever session and process put them. */
  readonly asks: Asks;
  /** Conversations with models, kept in the store. */
  readonly conversations: Conversations;
  /** The provider's API on the whole account: `colloquy.provider("wasender").sessions.list()`. */
  provider<Id extends Providers[number]["id"]>(id: Id): BoundOperations<OperationsOf<ProviderOf<Providers, Id>>>;
  /**
   * Makes this process a worker: it runs its fair part of the store's sessions, each of them in one process only, and hands them
   * over when it stops. From then on it acts for no other session. Once per Colloquy; `shutdown` stops it too.
   */
  work(options?: WorkerOptions): Worker;
  /**
   * Lets every session go without ending it, gives sends under way `graceMs` (default 5,000) to settle, and closes the store.
   * What is queued stays stored.
   */
  shutdown(options?: { readonly graceMs?: number }): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const atRest: ReadonlySet<SessionState> = new Set([
  "created",
  "unlinked",
  "completed",
  "rejected",
  "expired",
  "failed",
  "terminated",
]);

/** A store writes many at once for little more than one. */
const restoredAtOnce = 128;

const isWanted = (state: SessionState): boolean => !atRest.has(state);

/** The way in. Throws `CONFIG_INVALID` for wrong options, before any network. */
export function createColloquy<const Providers extends readonly AnyProvider[]>(
  options: ColloquyOptions<Providers>,
): Colloquy<Providers> {
  const providers = providersById(options.providers);
  const hosts = new Map<SessionId, SessionHost>();
  const runtime = createRuntime(
    options,
    ({ sessionId, ...pacing }) => {
      if (sessionId !== undefined)
        hosts.get(sessionId)?.publish({ type: "pacing", sessionId, atMs: runtime.clock.now(), ...pacing });
    },
    {
      refusal: (sessionId) => worker?.refusal(sessionId),
      claim: async (sessionId) => {
        if (!worker) await claims.claim(sessionId);
      },
    },
  );
  const claims = new Claims(runtime);
  let opened: Promise<void> | undefined;
  let isShutDown = false;
  let worker: FleetWorker | undefined;

  const ready = async (): Promise<void> => {
    if (isShutDown) throw shutDown();
    opened ??= runtime.store.open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    await opened;
  };

  const talks = createConversations(runtime, ready, providers);
  runtime.asks = new AskDesk(runtime, async (id) => hosts.get(id) ?? host(await readRecord(runtime, id)));
  runtime.local = localService(talks.conversations, runtime.clock);

  const providerOf = (id: string): AnyProvider => {
    const provider = providers.get(id);
    if (provider) return provider;
    throw new ColloquyError({
      code: "PROVIDER_UNKNOWN",
      message: `No provider "${id}" was given; known: ${[...providers.keys()].join(", ")}.`,
    });
  };

  const host = (record: SessionRecord): SessionHost => {
    const known = hosts.get(record.id);
    if (known) return known;
    const made = new SessionHost(runtime, providerOf(record.providerId), record);
    hosts.set(record.id, made);
    return made;
  };

  const keep = async (provider: AnyProvider, remote: RemoteSession, { ttlMs }: CreateOptions): Promise<Session> => {
    const nowMs = runtime.clock.now();
    const { remoteId, name, settings, expectedIdentity, secrets } = remote;
    const record = await runtime.store.records.create(
      {
        id: mintId("ses", nowMs, runtime.random),
        providerId: provider.id,
        remoteId,
        ...(name === undefined ? {} : { name }),
        settings,
        lifecycle: newSnapshot(nowMs, {
          ...(expectedIdentity === undefined ? {} : { expectedIdentity }),
          ...(ttlMs === undefined ? {} : { ttlMs }),
        }),
        epoch: 0,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
      },
      [],
    );
    await runtime.store.secrets.put(record.id, secrets);
    return new Session(runtime, host(record));
  };

  async function* records(query: ListQuery = {}): AsyncIterableIterator<SessionRecord> {
    await ready();
    let after: string | undefined;
    do {
      const page = await runtime.store.records.list({ ...query, ...(after === undefined ? {} : { after }) });
      yield* page.records;
      after = page.cursor;
    } while (after !== undefined);
  }

  const isServed = async (id: SessionId): Promise<boolean> => {
    const record = await runtime.store.records.get(id);
    return record !== undefined && providers.has(record.providerId);
  };

  const exchangesOf = (provider: AnyProvider): Exchanges => new Exchanges(runtime, provider);

  const sessions: Sessions<readonly AnyProvider[]> = {
    async create(providerId, input, createOptions = {}) {
      await ready();
      const provider = providerOf(providerId);
      const problems = provider.validateSession(input);
      if (problems.length > 0) throw invalid(provider, problems);
      const { signal } = createOptions;
      const remote = await exchangesOf(provider).run(provider.create(input), undefined, signal ? { signal } : {});
      return keep(provider, remote, createOptions);
    },
    async attach(providerId, remoteId, attachOptions = {}) {
      await ready();
      const provider = providerOf(providerId);
      for await (const record of records({ providerId }))
        if (record.remoteId === remoteId) return new Session(runtime, host(record));
      const { signal } = attachOptions;
      const remote = await exchangesOf(provider).run(provider.attach(remoteId), undefined, signal ? { signal } : {});
      return keep(provider, remote, attachOptions);
    },
    async get(id) {
      await ready();
      const found = hosts.get(id) ?? host(await readRecord(runtime, id));
      await found.refresh();
      return new Session(runtime, found);
    },
    async *list(query) {
      for await (const record of records(query)) {
        const found = host(record);
        await found.refresh();
        yield new Session(runtime, found);
      }
    },
    async restore(query) {
      const wanted: SessionHost[] = [];
      for await (const record of records(query))
        if (isWanted(record.lifecycle.state) && providers.has(record.providerId)) wanted.push(host(record));
      await inParallel(wanted, restoredAtOnce, async (found) => void (await found.activate()));
      await runtime.asks?.sweep(isServed);
      return wanted.map((found) => new Session(runtime, found));
    },
    async forget(id) {
      await ready();
      await letGo(id, shutDown(), 0);
      return runtime.store.records.remove(id);
    },
  };

  const letGo = async (id: SessionId, reason: ColloquyError, graceMs: number): Promise<void> => {
    const known = hosts.get(id);
    hosts.delete(id);
    await known?.release(reason, graceMs);
    if (known) runtime.transport.forget(known.provider, id);
  };

  const crew = (providerIds: readonly string[] | undefined): Crew => ({
    async wanted() {
      const ids: SessionId[] = [];
      for await (const { id, providerId, lifecycle } of records())
        if (isWanted(lifecycle.state) && providers.has(providerId) && (providerIds?.includes(providerId) ?? true))
          ids.push(id);
      return ids;
    },
    async adopt(id) {
      await host(await readRecord(runtime, id)).activate();
    },
    letGo,
    isRun: (id) => hosts.get(id)?.isActive ?? false,
    pickUp: async (id) => hosts.get(id)?.outbox.pickUp(),
  });

  const work = (workerOptions: WorkerOptions = {}): Worker => {
    if (isShutDown) throw shutDown();
    if (worker) throw new ColloquyError({ code: "COMMAND_REFUSED", message: "This Colloquy is a worker already." });
    const settings = settingsOf(workerOptions, () => mintId("wrk", runtime.clock.now(), runtime.random));
    worker = new FleetWorker(settings, runtime, crew(settings.providerIds), ready);
    return worker;
  };

  const shutdown = async ({ graceMs = 5_000 }: { readonly graceMs?: number } = {}): Promise<void> => {
    if (isShutDown) return;
    await worker?.stop({ graceMs });
    isShutDown = true;
    await Promise.all([...hosts.values()].map((each) => each.release(shutDown(), graceMs)));
    await talks.close(shutDown());
    await runtime.transport.close();
    await opened?.catch(() => {});
    await runtime.store.close();
  };

  return {
    sessions,
    asks: boundAsks(runtime.asks, ready),
    conversations: talks.conversations,
    provider: (id) => {
      const provider = providerOf(id);
      const exchanges = exchangesOf(provider);
      return bindOperations(provider.operations, (operation, input, callOptions) =>
        exchanges.execute(operation, input, undefined, toExchangeOptions(runtime, callOptions)),
      );
    },
    work,
    shutdown,
    [Symbol.asyncDispose]: () => shutdown(),
  };
}

function providersById(providers: readonly AnyProvider[]): ReadonlyMap<string, AnyProvider> {
  const byId = new Map<string, AnyProvider>();
  for (const provider of providers) {
    const problems = provider.validateConfig();
    if (problems.length > 0) throw invalid(provider, problems, "CONFIG_INVALID");
    if (byId.has(provider.id))
      throw invalid(provider, [{ field: "providers", message: `"${provider.id}" is given twice.` }], "CONFIG_INVALID");
    byId.set(provider.id, provider);
  }
  return byId;
}

function shutDown(): ColloquyError {
  return new ColloquyError({
    code: "SHUT_DOWN",
    message: "Colloquy was shut down; what was queued stays in the store and goes on when the session is restored.",
  });
}
