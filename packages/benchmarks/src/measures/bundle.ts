import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";

interface Esbuild {
  build(options: object): Promise<unknown>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const require = createRequire(import.meta.url);

// For bundled CommonJS, such as the WebSocket library, that asks for Node's own modules.
const requireForBundled =
  'import { createRequire as requireFrom } from "node:module"; globalThis.require ??= requireFrom(import.meta.url);';

/**
 * Builds a measured program as a package is published: without the loader and its naming of every function, both of which cost
 * time and memory that no user pays. Answers the path of the built file.
 */
export async function bundle(program: URL): Promise<string> {
  // The loader brings esbuild.
  const esbuild = createRequire(require.resolve("tsx"))("esbuild") as Esbuild;
  const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  // Inside the package, so that the peers are found from there.
  const folder = `${root}node_modules/.cache/bench`;
  mkdirSync(folder, { recursive: true });
  const source = fileURLToPath(program);
  const outfile = `${folder}/${basename(dirname(source))}-${basename(source, ".ts")}.mjs`;
  await esbuild.build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.19",
    banner: { js: requireForBundled },
    conditions: ["@colloquy/source"],
    external: Object.keys(dependencies).filter((name) => !name.startsWith("@colloquy/")),
    logLevel: "error",
  });
  return outfile;
}
