import { abortReason } from "../clock.js";
import {
  type AnyProvider,
  type ChatModel,
  ColloquyError,
  type ConverseFacet,
  type MonitorReadings,
  type Route,
} from "../contract/index.js";
import { mintId } from "../random.js";
import type { Runtime } from "../sessions/runtime.js";
import type {
  AppendOptions,
  Conversation,
  ConversationChange,
  ConversationId,
  ConversationPage,
  ConversationQuery,
  ConversationTarget,
  MergeOptions,
  MergeResult,
  MessageChange,
  MessagePage,
  MessageQuery,
  NewConversation,
  NewTranscriptMessage,
  SearchHit,
  SweepOptions,
  SweepResult,
  TranscriptMessage,
  TranscriptSearch,
  TranscriptStore,
} from "../store/transcripts.js";
import { assertTurnPossible } from "./assert-turn-possible.js";
import type { ContextWindow, OversizePolicy } from "./context-window.js";
import { MonitorBoard } from "./monitors.js";
import { startTurn } from "./start-turn.js";
import { estimatedTokens, TokenCounters } from "./token-counters.js";
import type { Turn, TurnOptions } from "./turn.js";
import { budgetOf, runTurn } from "./turn-engine.js";
import { TurnHistory } from "./turn-history.js";
import { TurnQueue } from "./turn-queue.js";

export type ConversationInput = Partial<NewConversation> & {
  /** Where no title is given it is this and the minute, in UTC. Default `Conversation`. */
  readonly titlePrefix?: string;
};

/** Id and instant are minted where they are left out. */
export type MessageInput = Pick<NewTranscriptMessage, "role" | "content"> & Partial<NewTranscriptMessage>;

export type TargetInput = Partial<ConversationTarget>;

export interface ContextOptions {
  /** The model whose tokenizer and context count. Default: an estimate. */
  readonly modelId?: string;
  readonly providerId?: string;
  /** Default as for a turn. */
  readonly tokenBudget?: number;
  readonly oversize?: OversizePolicy;
}

/**
 * Conversations with models: kept in the store, message by message, and continued turn by turn. Errors are those of
 * `TranscriptStore`; with a store that keeps no conversations everything is `UNSUPPORTED`.
 */
export interface Conversations {
  create(input?: ConversationInput): Promise<Conversation>;
  /** Throws `SESSION_NOT_FOUND`. */
  get(id: ConversationId): Promise<Conversation>;
  find(id: ConversationId): Promise<Conversation | undefined>;
  /** One page, last changed first. */
  page(query?: ConversationQuery): Promise<ConversationPage>;
  /** All pages. */
  list(query?: Omit<ConversationQuery, "after">): AsyncGenerator<Conversation, void, void>;
  /** Metadata and context as JSON merge patch: `null` removes a key. */
  update(
    id: ConversationId,
    change: ConversationChange,
    options?: { readonly ifRevision?: number },
  ): Promise<Conversation>;
  /** False when there was none. */
  remove(id: ConversationId): Promise<boolean>;

  append(
    id: ConversationId,
    messages: readonly MessageInput[],
    options?: Partial<AppendOptions>,
  ): Promise<readonly TranscriptMessage[]>;
  messages(id: ConversationId, query?: MessageQuery): Promise<MessagePage>;
  /** Every message, oldest first, in pages. */
  read(id: ConversationId, query?: { readonly afterSeq?: number }): AsyncIterable<TranscriptMessage>;
  message(id: ConversationId, messageId: string): Promise<TranscriptMessage | undefined>;
  changeMessage(
    id: ConversationId,
    messageId: string,
    change: MessageChange,
    options?: { readonly ifRevision?: number },
  ): Promise<TranscriptMessage>;
  removeMessages(
    id: ConversationId,
    messageIds: readonly string[],
    options?: { readonly ifRevision?: number },
  ): Promise<readonly TranscriptMessage[]>;
  /** Removes the newest messages and gives them, in order. */
  pop(
    id: ConversationId,
    count: number,
    options?: { readonly ifRevision?: number },
  ): Promise<readonly TranscriptMessage[]>;

  search(query: TranscriptSearch): Promise<readonly SearchHit[]>;
  copy(id: ConversationId, target?: TargetInput): Promise<Conversation>;
  /** A copy that ends with message number `seq`. */
  fork(id: ConversationId, seq: number, target?: TargetInput): Promise<Conversation>;
  merge(ids: readonly ConversationId[], target?: TargetInput, options?: MergeOptions): Promise<MergeResult>;
  /** Removes what has expired, in one bounded batch. */
  sweep(options?: Partial<SweepOptions>): Promise<SweepResult>;

  /** What a model would be given now. */
  context(id: ConversationId, options?: ContextOptions): Promise<ContextWindow>;
  /**
   * One turn. The prompt is stored before a model is asked; the answer is stored while it comes, and ends `complete`, `failed` or
   * `aborted`. Turns of one conversation go one after another in this process. Rejects with the error of the last model asked.
   */
  execute(id: ConversationId, options: TurnOptions): Turn;
  /** The models that turns may ask. */
  models(providerId?: string): readonly ChatModel[];
  /** What the monitors last found; with `isFresh`, after measuring now. */
  readings(options?: { readonly providerId?: string; readonly isFresh?: boolean }): Promise<MonitorReadings>;
}

/** What the rest of core knows of it besides. */
export interface OwnConversations {
  readonly conversations: Conversations;
  /** Ends what is under way, so that it is noted before the store closes. */
  close(reason: Error): Promise<void>;
}

export function createConversations(
  runtime: Runtime,
  ready: () => Promise<void>,
  providers: ReadonlyMap<string, AnyProvider>,
): OwnConversations {
  const queue = new TurnQueue();
  const counters = new TokenCounters();
  const board = new MonitorBoard(runtime.clock);
  const underWay = new Set<Turn>();
  const { clock, random } = runtime;

  const store = async (): Promise<TranscriptStore> => {
    await ready();
    if (runtime.store.transcripts) return runtime.store.transcripts;
    throw new ColloquyError({
      code: "UNSUPPORTED",
      message: `The ${runtime.store.manifest.name} store keeps no conversations.`,
      userAction: "Use the memory or the SQLite store.",
    });
  };

  const facetOf = (providerId?: string): ConverseFacet => {
    for (const provider of providers.values()) {
      const { converse } = provider.facets;
      if (converse && (providerId === undefined || provider.id === providerId)) return converse;
    }
    throw new ColloquyError({
      code: providerId === undefined || providers.has(providerId) ? "UNSUPPORTED" : "PROVIDER_UNKNOWN",
      message: `${providerId === undefined ? "No provider that was given" : `"${providerId}"`} converses with models.`,
      userAction: "Give `createColloquy` a provider with models, for example `oblix({ models: [...] })`.",
    });
  };

  const get = async (id: ConversationId): Promise<Conversation> => {
    const found = await (await store()).get(id);
    if (found) return found;
    throw new ColloquyError({ code: "SESSION_NOT_FOUND", message: "The store holds no conversation of this id." });
  };

  const targetOf = (target: TargetInput = {}): ConversationTarget => ({
    ...target,
    id: target.id ?? mintId("con", clock.now(), random),
    atMs: target.atMs ?? clock.now(),
  });
  const now = (): { readonly atMs: number } => ({ atMs: clock.now() });

  const modelOf = (facet: ConverseFacet, modelId: string): ChatModel => {
    const model = facet.models.find(({ id }) => id === modelId);
    if (model) return model;
    const known = facet.models.map(({ id }) => id).join(", ");
    throw new ColloquyError({
      code: "INPUT_INVALID",
      message: `No model "${modelId}" was given; known: ${known}.`,
      fieldErrors: { modelId: ["Is not the id of a model."] },
    });
  };

  const routeOf = (options: TurnOptions): Route => {
    const facet = facetOf(options.providerId);
    if (options.modelId !== undefined)
      return { models: [modelOf(facet, options.modelId)], why: "the caller named it", checks: {} };
    const route = facet.route({
      models: facet.models,
      readings: board.readings(facet.monitors),
      prompt: options.prompt ?? "",
    });
    if (route.models.length > 0) return route;
    throw new ColloquyError({ code: "UNSUPPORTED", message: "The routing left no model to ask." });
  };

  const conversations: Conversations = {
    async create({ titlePrefix = "Conversation", ...input } = {}) {
      const nowMs = input.createdAtMs ?? clock.now();
      return (await store()).create({
        ...input,
        id: input.id ?? mintId("con", nowMs, random),
        title: input.title ?? `${titlePrefix} ${new Date(nowMs).toISOString().slice(0, 16).replace("T", " ")}`,
        createdAtMs: nowMs,
      });
    },
    get,
    find: async (id) => (await store()).get(id),
    page: async (query) => (await store()).list(query),
    async *list(query) {
      let after: string | undefined;
      do {
        const page = await (await store()).list({ ...query, ...(after === undefined ? {} : { after }) });
        yield* page.conversations;
        after = page.cursor;
      } while (after !== undefined);
    },
    update: async (id, change, options) => (await store()).update(id, change, { ...options, ...now() }),
    remove: async (id) => (await store()).remove(id),
    async append(id, messages, options) {
      const { atMs } = now();
      const complete = messages.map((message) => ({ id: mintId("msg", atMs, random), atMs, ...message }));
      return (await store()).append(id, complete, { atMs, ...options });
    },
    messages: async (id, query) => (await store()).page(id, query),
    async *read(id, query) {
      yield* (await store()).read(id, query);
    },
    message: async (id, messageId) => (await store()).message(id, messageId),
    changeMessage: async (id, messageId, change, options) =>
      (await store()).change(id, messageId, change, { ...options, ...now() }),
    removeMessages: async (id, messageIds, options) =>
      (await store()).removeMessages(id, messageIds, { ...options, ...now() }),
    pop: async (id, count, options) => (await store()).pop(id, count, { ...options, ...now() }),
    search: async (query) => (await store()).search(query),
    copy: async (id, target) => (await store()).copy(id, targetOf(target)),
    fork: async (id, seq, target) => (await store()).fork(id, seq, targetOf(target)),
    merge: async (ids, target, options) => (await store()).merge(ids, targetOf(target), options),
    sweep: async (options) => (await store()).sweep({ nowMs: clock.now(), ...options }),
    async context(id, { modelId, providerId, tokenBudget, oversize } = {}) {
      const model = modelId === undefined ? undefined : modelOf(facetOf(providerId), modelId);
      const history = new TurnHistory(await store(), await get(id));
      return history.window({
        budgetTokens: tokenBudget ?? budgetOf(model),
        counter: model ? await counters.of(model) : estimatedTokens,
        ...(oversize ? { oversize } : {}),
      });
    },
    execute(id, options) {
      const requestId = options.requestId ?? mintId("req", clock.now(), random);
      const turn = startTurn(requestId, options.signal, (pieces, signal) => {
        assertTurnPossible(options);
        const startedAtMs = clock.now();
        return queue.run(id, async () => {
          if (signal.aborted) throw abortReason(signal);
          const setting = { runtime, store: await store(), counters, pieces, requestId, options, signal, startedAtMs };
          const route = routeOf(options);
          return runTurn(await get(id), route, setting);
        });
      });
      underWay.add(turn);
      const forget = (): void => void underWay.delete(turn);
      turn.then(forget, forget);
      return turn;
    },
    models: (providerId) => facetOf(providerId).models,
    async readings({ providerId, isFresh = false } = {}) {
      const { monitors } = facetOf(providerId);
      return isFresh ? board.refresh(monitors) : board.readings(monitors);
    },
  };

  return {
    conversations,
    async close(reason) {
      const turns = [...underWay];
      for (const turn of turns) turn.abort(reason);
      await Promise.allSettled(turns);
    },
  };
}
