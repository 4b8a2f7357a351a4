import assert from "node:assert/strict";
import type { AnyProvider, Connection, ConnectionGoal, ConnectionTools } from "@colloquy/core";
import { eventually } from "./expect.js";
import { connects, type ProviderCase, type ProviderCaseContext } from "./provider-case.js";
import { vary } from "./vary.js";

interface WatchedLine {
  readonly tools: ConnectionTools;
  readonly connection: Connection;
  closedFor?: ConnectionGoal;
  isClosed: boolean;
}

interface Watched {
  readonly provider: AnyProvider;
  readonly lines: readonly WatchedLine[];
  /** Most lines that were being made or open at one time. */
  mostAtOnce(): number;
}

/** The same provider, with an eye on every line that it makes. */
function watched({ provider }: ProviderCaseContext): Watched {
  const { connect } = provider.facets;
  assert.ok(connect, "it declares lines");
  const lines: WatchedLine[] = [];
  let now = 0;
  let most = 0;
  const facet: typeof connect = {
    connect: async (context, tools) => {
      most = Math.max(most, ++now);
      let connection: Connection;
      try {
        connection = await connect.connect(context, tools);
      } catch (error) {
        now--;
        throw error;
      }
      const line: WatchedLine = { tools, connection, isClosed: false };
      lines.push(line);
      return {
        get surface() {
          return connection.surface;
        },
        get isMending() {
          return connection.isMending === true;
        },
        close: async (goal) => {
          line.closedFor ??= goal;
          await connection.close(goal);
          if (!line.isClosed) now--;
          line.isClosed = true;
        },
      };
    },
  };
  return {
    provider: vary(provider, { facets: { ...provider.facets, connect: facet } }),
    lines,
    mostAtOnce: () => most,
  };
}

const within = { timeoutMs: 4_000 };

export const connectCases: readonly ProviderCase[] = [
  {
    title: "a connected session has one line, and it is given to whoever asks",
    applies: connects,
    run: async (context) => {
      const { provider, lines } = watched(context);
      const session = await context.connected(provider);
      const surface = await session.connection(within);
      assert.ok(surface !== undefined, "the line has a surface");
      assert.equal(await session.connection(within), surface, "the same one each time");
      assert.equal(lines.length, 1);
    },
  },
  {
    title:
      "a line is closed when its session is released, is closed once however often it is asked, and tells nothing after",
    applies: connects,
    run: async (context) => {
      const { provider, lines } = watched(context);
      const session = await context.connected(provider);
      await session.connection(within);
      const line = lines[0] as WatchedLine;
      await context.colloquy(provider).shutdown({ graceMs: 0 });
      assert.equal(line.closedFor, "release");
      assert.ok(line.isClosed, "it closed within the deadline");
      assert.ok(line.tools.signal.aborted, "it was told so");
      await line.connection.close("terminate");
      await context.store.open();
      const stays = await context.world.service.hasSession(session.remoteId as string, context.store);
      assert.ok(stays, "the session itself stays");
      const before = await context.store.records.get(session.id);
      for (const word of provider.manifest.statusWords) line.tools.tell({ source: "connection", word });
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual(await context.store.records.get(session.id), before);
    },
  },
  {
    title: "a line that cannot be made rejects, and one that is not wanted any more is given up",
    applies: connects,
    run: async (context) => {
      const session = await context.connected();
      await session.connection(within);
      const { connect } = context.provider.facets;
      const { id: sessionId, remoteId = "" } = session;
      const record = await context.store.records.get(sessionId);
      const gone = AbortSignal.abort(new DOMException("Not wanted.", "AbortError"));
      const tools: ConnectionTools = {
        clock: { now: () => Date.now(), setTimer: () => ({ cancel: () => {} }) },
        random: () => 0.5,
        secrets: await context.store.secrets.get(sessionId),
        signal: gone,
        tell: () => {},
        keep: async () => {},
        learn: async () => {},
        call: () => Promise.reject(gone.reason as Error),
      };
      const made = connect?.connect({ sessionId, remoteId, settings: record?.settings ?? {} }, tools);
      await assert.rejects(async () => made, "a line whose signal is aborted is not made");
    },
  },
  {
    title: "a line that was lost is mended or opened anew, and never are there two",
    applies: connects,
    needs: "drop",
    run: async (context) => {
      const { provider, lines, mostAtOnce } = watched(context);
      const session = await context.connected(provider);
      await session.connection(within);
      await context.world.people.drop(session.remoteId as string);
      await eventually(() => session.state !== "connected", "the loss is noticed");
      await context.world.people.restore(session.remoteId as string);
      await session.connection(within);
      assert.equal(mostAtOnce(), 1, "lines at one time");
      assert.deepEqual(
        lines.map(({ isClosed }) => isClosed),
        lines.map((_line, index) => index < lines.length - 1),
        "all but the last are closed",
      );
    },
  },
  {
    title: "a closed session's line is terminated before the provider is asked",
    applies: connects,
    run: async (context) => {
      const { provider, lines } = watched(context);
      const session = await context.connected(provider);
      await session.connection(within);
      assert.equal(await session.close(), "terminated");
      assert.equal(lines[0]?.closedFor, "terminate");
      assert.ok(lines.every(({ isClosed }) => isClosed));
    },
  },
];
