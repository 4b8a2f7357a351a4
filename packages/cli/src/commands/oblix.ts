import type { Command } from "commander";
import type { Run } from "../program.js";

export interface OblixImportFlags {
  readonly dryRun?: boolean;
  readonly onConflict?: string;
}

export function addOblix(program: Command, run: Run): void {
  const oblix = program.command("oblix").description("move over from Oblix");
  oblix
    .command("import")
    .description("take the sessions of Oblix's folder into the store")
    .argument("[folder]", "default ~/.oblix/sessions")
    .option("--dry-run", "read and check everything, and store nothing")
    .option("--on-conflict <what>", "an id that is taken: keep (default), new-id, replace or fail")
    .action(async (folder: string | undefined, flags: OblixImportFlags, self: Command) => {
      await run(self, async (context) =>
        (await import("../conversations/oblix-import.js")).oblixImportCommand(context, folder, flags),
      );
    });
}
