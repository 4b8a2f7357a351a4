import { renderExplanation } from "@colloquy/core";
import type { Context, Report } from "../context.js";
import { label } from "../describe-session.js";
import { findSession } from "../find-session.js";
import { withColloquy } from "../open-colloquy.js";

/** `colloquy explain`. Reads only: a session that another process runs stays with it. */
export function explainCommand(context: Context, reference: string): Promise<Report> {
  const { output } = context;
  return withColloquy(context, async ({ colloquy }) => {
    const session = await findSession(colloquy, reference);
    const explanation = await session.explain();
    output.line(label(session));
    output.line(renderExplanation(explanation).trimEnd());
    return { fields: { id: session.id, name: session.name, explanation } };
  });
}
