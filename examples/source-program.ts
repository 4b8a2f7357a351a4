import { fileURLToPath } from "node:url";

/** How an example is started according to the README: from its sources, nothing built. */
export const fromSources: readonly string[] = ["--conditions=@colloquy/source", "--import", "tsx"];

/** A file of this folder as a program: as the test run built it at its beginning (`TEST_PROGRAMS`), else from its sources. */
export function sourceProgram(source: URL): { readonly file: string; readonly execArgv: readonly string[] } {
  const built = (JSON.parse(process.env["TEST_PROGRAMS"] ?? "{}") as Record<string, string>)[source.href];
  if (built !== undefined) return { file: built, execArgv: ["--enable-source-maps"] };
  return { file: fileURLToPath(source), execArgv: fromSources };
}
