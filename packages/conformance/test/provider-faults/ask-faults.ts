import type { AskFacet } from "@colloquy/core";
import { facetWith, type ProviderFault } from "./fault.js";

/** How a provider asks, wrongly. */
export const askFaults: readonly ProviderFault[] = [
  {
    name: "takes the question for its answer",
    change: facetWith("ask", () => ({
      *progress({ text }) {
        yield* [];
        return { state: "answered", answer: text };
      },
    })),
    fails: [
      "a question is put once, and its answer comes back",
      "an answer that was given before anybody waits is delivered once",
      "a question goes on in another process, and hears what was answered while nobody ran",
      "of two answers the first one wins",
      "a question that nobody answers expires at its deadline",
    ],
  },
  {
    name: "lets a question be repeated whose fate is not known",
    change: facetWith("ask", ({ ask }: AskFacet) => ({
      ask: (question, context) => {
        const call = ask(question, context);
        return { ...call, operation: { ...call.operation, repeatable: "always" } };
      },
    })),
    fails: ["a question whose reply was lost is never put twice: its answer comes, or it is held as unknown"],
  },
  {
    name: "checks no question",
    change: facetWith("ask", () => ({ check: () => [] })),
    fails: ["a question that cannot go out is refused with nothing on the wire"],
  },
];
