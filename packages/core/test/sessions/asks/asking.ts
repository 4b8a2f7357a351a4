import type { AskFacet } from "../../../src/contract/index.js";
import type { SessionEvent } from "../../../src/sessions/session-event.js";
import type { ReferenceProvider } from "../../../src/testing/index.js";
import type { Stage } from "../stage.js";

/** Collects what is told of questions. */
export function told(session: { events(): AsyncIterable<SessionEvent> }): SessionEvent[] {
  const seen: SessionEvent[] = [];
  void (async () => {
    for await (const event of session.events()) if (event.type.startsWith("ask")) seen.push(event);
  })();
  return seen;
}

/** The stage's provider with another way of asking. */
export function changed(stage: Stage, change: (facet: AskFacet) => AskFacet): ReferenceProvider {
  const { facets } = stage.provider;
  return { ...stage.provider, facets: { ...facets, ask: change(facets.ask as AskFacet) } };
}

/** A facet that tells of a question only by events. */
export const noProgress = ({ progress: _progress, ...facet }: AskFacet): AskFacet => facet;

/** The code of the error that this ends in; `none` without one. */
export const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "none",
    (error: { code?: string; name: string }) => error.code ?? error.name,
  );
