import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

interface Esbuild {
  build(options: object): Promise<unknown>;
}

const repository: string = fileURLToPath(new URL("../../../../", import.meta.url));
const peersFolder: string = `${repository}tools/store-peers`;

/** Where the programs run from, so that our driver is found, or the peers are. */
const homes: Readonly<Record<"own" | "peers", string>> = {
  own: `${repository}packages/stores/sqlite`,
  peers: peersFolder,
};

/** Builds the measured program as a package is published, without the loader that no user pays for. */
export async function buildProgram(home: "own" | "peers"): Promise<string> {
  const require = createRequire(import.meta.url);
  // The loader brings esbuild.
  const esbuild = createRequire(require.resolve("tsx"))("esbuild") as Esbuild;
  const folder = `${homes[home]}/node_modules/.cache/bench`;
  mkdirSync(folder, { recursive: true });
  const outfile = `${folder}/stores.mjs`;
  await esbuild.build({
    entryPoints: [fileURLToPath(new URL("program.ts", import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.19",
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; globalThis.require ??= requireFrom(import.meta.url);',
    },
    conditions: ["@colloquy/source"],
    external: ["libsql", "better-sqlite3", "@opentelemetry/api", "ioredis"],
    logLevel: "error",
  });
  return outfile;
}

/** Answers whether the peers are there. They are 250 MB, so they are fetched only for this. */
export function installPeers(progress: (text: string) => void): boolean {
  if (existsSync(`${peersFolder}/node_modules/@mastra/libsql`)) return true;
  progress("installing the peers once, into tools/store-peers (about 250 MB; --no-peers leaves them out)");
  try {
    execFileSync("npx", ["-y", "pnpm@12.21.0", "install", "--frozen-lockfile"], {
      cwd: peersFolder,
      stdio: ["ignore", "ignore", "inherit"],
    });
    return true;
  } catch {
    progress("the peers could not be installed: they are left out");
    return false;
  }
}
