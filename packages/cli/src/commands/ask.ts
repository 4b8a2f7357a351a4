import type { Command } from "commander";
import type { Run } from "../program.js";

export interface AskFlags {
  readonly to?: string;
  readonly via?: string;
  readonly schema?: string;
  readonly deadline?: string;
  readonly wait?: string;
  readonly id?: string;
}

export interface AsksListFlags {
  readonly session?: string;
  readonly all?: boolean;
  readonly limit?: string;
}

export interface AsksResumeFlags {
  readonly schema?: string;
  readonly wait?: string;
}

export function addAsk(program: Command, run: Run): void {
  program
    .command("ask")
    .description("ask a question, wait for its answer, and print it; it outlives this process")
    .argument("<session>", "id, beginning of an id, or name")
    .argument("<text>", "the question; - reads the standard input")
    .option("--to <recipient>", "whom or where to ask, where the session does not say it")
    .option("--via <session>", "let the messages of this session carry question and answer")
    .option("--schema <file>", "JSON Schema that the answer must fit")
    .option("--deadline <duration>", "how long an answer is wanted, like 10m (default a day)")
    .option("--wait <duration>", "how long to wait here; the question stays open after it")
    .option("--id <id>", "your own id: asking again asks nothing twice")
    .action(async (reference: string, text: string, flags: AskFlags, self: Command) => {
      await run(self, async (context) =>
        (await import("../asking/ask.js")).askCommand(context, reference, text, flags),
      );
    });

  const asks = program.command("asks").description("list, resume and cancel questions");

  asks
    .command("list")
    .description("questions that are open, oldest first")
    .option("--session <session>", "only of this session")
    .option("--all", "settled ones too")
    .option("--limit <number>", "most of them (default 100)")
    .action(async (flags: AsksListFlags, self: Command) => {
      await run(self, async (context) => (await import("../asking/list-asks.js")).listAsksCommand(context, flags));
    });

  asks
    .command("resume")
    .description("wait for the answer to a question that was asked before, and print it")
    .argument("<id>", "id of the question, or its beginning")
    .option("--schema <file>", "JSON Schema that the answer must fit")
    .option("--wait <duration>", "how long to wait here; the question stays open after it")
    .action(async (id: string, flags: AsksResumeFlags, self: Command) => {
      await run(self, async (context) =>
        (await import("../asking/resume-ask.js")).resumeAskCommand(context, id, flags),
      );
    });

  asks
    .command("cancel")
    .description("want no answer any more")
    .argument("<id>", "id of the question, or its beginning")
    .action(async (id: string, _flags: object, self: Command) => {
      await run(self, async (context) => (await import("../asking/cancel-ask.js")).cancelAskCommand(context, id));
    });
}
