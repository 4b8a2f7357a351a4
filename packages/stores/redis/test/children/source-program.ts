import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** A source as a program of its own: as the test run built it at its beginning (`TEST_PROGRAMS`), else through tsx. */
export function sourceProgram(source: URL): { readonly file: string; readonly execArgv: readonly string[] } {
  const built = (JSON.parse(process.env["TEST_PROGRAMS"] ?? "{}") as Record<string, string>)[source.href];
  if (built !== undefined) return { file: built, execArgv: ["--enable-source-maps"] };
  return { file: fileURLToPath(source), execArgv: ["--conditions=@colloquy/source", "--import", loader] };
}
