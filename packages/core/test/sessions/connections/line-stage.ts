import { ColloquyError, type ErrorCode } from "../../../src/contract/index.js";
import type { Colloquy } from "../../../src/sessions/colloquy.js";
import type { Session } from "../../../src/sessions/session.js";
import { type ReferenceProvider, ScriptedLines } from "../../../src/testing/index.js";
import { createStage, type Stage, type StageOptions } from "../stage.js";

export interface LineStage {
  readonly stage: Stage;
  readonly lines: ScriptedLines;
  readonly provider: ReferenceProvider;
  /** A Colloquy over the same store, service and lines: another process. */
  colloquy(): Colloquy<readonly [ReferenceProvider]>;
  /** Made and not started. */
  created(): Promise<Session<ReferenceProvider>>;
  connected(): Promise<Session<ReferenceProvider>>;
}

/** The reference provider as a socket provider: nothing is polled, and only its line says how a session stands. */
export function lineStage(options: StageOptions = {}): LineStage {
  const stage = createStage(options);
  const lines = new ScriptedLines({ says: "online" });
  const { manifest, facets } = stage.provider;
  const provider: ReferenceProvider = {
    ...stage.provider,
    manifest: { ...manifest, traits: { ...manifest.traits, statePolling: false, hasTransport: true } },
    facets: { ...facets, connect: lines.facet },
    *open() {
      yield* [];
      return { source: "reply", word: "opening" };
    },
  };
  const colloquy = (): Colloquy<readonly [ReferenceProvider]> => stage.colloquy({ providers: [provider] as const });
  const first = colloquy();
  const created = (): Promise<Session<ReferenceProvider>> => first.sessions.create("reference", { name: "Line" });
  return {
    stage,
    lines,
    provider,
    colloquy,
    created,
    async connected() {
      const session = await created();
      await session.start();
      await stage.pass(session.connection());
      return session;
    },
  };
}

export function lineError(code: ErrorCode): ColloquyError {
  return new ColloquyError({ code, message: "The line cannot be made.", providerId: "reference" });
}
