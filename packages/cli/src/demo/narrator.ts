import type { Fields, Output } from "../output/output.js";

/** Tells the story in sections, with the seconds since the beginning. */
export interface Narrator {
  section(title: string): void;
  say(text: string): void;
  /** Something that happened, with its moment. */
  beat(text: string, fields?: Fields): void;
}

export function createNarrator(output: Output): Narrator {
  const startedAtMs = Date.now();
  let sections = 0;
  const seconds = (): string => ((Date.now() - startedAtMs) / 1_000).toFixed(1).padStart(5);
  return {
    section(title) {
      sections += 1;
      output.line();
      output.line(output.colors.bold(`${sections}. ${title}`));
      output.event("section", { number: sections, title });
    },
    say: (text) => output.line(text === "" ? "" : `   ${text}`),
    beat(text, fields = {}) {
      output.line(`   ${output.colors.dim(`${seconds()} s`)}  ${text}`);
      output.event("beat", { text, ...fields });
    },
  };
}
