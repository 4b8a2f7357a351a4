import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import type { TestProject } from "vitest/node";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** What tests start as processes of their own, most of them many times. */
const programs: readonly string[] = [
  "packages/cli/src/bin.ts",
  "packages/cli/test/asks/asker.ts",
  "packages/cli/test/asks/rest-server.ts",
  "packages/emulator/test/nats/server-owner.ts",
  "packages/stores/nats/test/children/send-all.ts",
  "packages/stores/nats/test/children/write-until-killed.ts",
  "packages/stores/redis/test/children/send-all.ts",
  "packages/stores/redis/test/children/write-until-killed.ts",
  "examples/webhook-server-child.ts",
  ...readdirSync(join(root, "examples"))
    .filter((name) => /^\d\d-.*\.ts$/.test(name))
    .map((name) => `examples/${name}`),
];

/** Of many small files, which take Node longer to find and to link than to run. The others are loaded as they are. */
const isTakenIn = (name: string): boolean => /^(axios|axios-retry|bottleneck|commander|zod|@nats-io\/.+)$/.test(name);

const asked = { isResolving: true };

const packages: Plugin = {
  name: "packages",
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (kind === "entry-point" || pluginData === asked || path.startsWith("node:")) return undefined;
      const found = await resolve(path, { kind, importer, resolveDir, pluginData: asked });
      // What a package can do without is told when it is needed.
      if (found.errors.length > 0) return { external: true };
      const isOurs = !relative(root, found.path).includes("node_modules");
      if (found.external || isOurs || isTakenIn(path) || importer.includes("node_modules")) return found;
      return { path: pathToFileURL(found.path).href, external: true };
    });
    // What lies beside a source is found beside the source.
    onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)),
      loader: "ts",
    }));
  },
};

/**
 * For processes that tests start: their sources in few files, built once in a run. Loading some hundred sources one by one
 * through tsx takes a process several times longer than what it then does. `TEST_PROGRAMS` tells which file stands for which
 * source; without it, as outside of a run, the sources themselves are loaded.
 */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "colloquy-programs-"));
  const rebuild = async (): Promise<void> => {
    try {
      await build({
        entryPoints: programs.map((program) => join(root, program)),
        outdir: folder,
        outbase: root,
        outExtension: { ".js": ".mjs" },
        bundle: true,
        splitting: true,
        format: "esm",
        platform: "node",
        target: "node20.19",
        conditions: ["@colloquy/source"],
        sourcemap: true,
        sourcesContent: false,
        banner: { js: 'import { createRequire as of } from "node:module"; const require = of(import.meta.url);' },
        plugins: [packages],
      });
      const built = programs.map((program) => [
        pathToFileURL(join(root, program)).href,
        join(folder, program.replace(/\.ts$/, ".mjs")),
      ]);
      process.env["TEST_PROGRAMS"] = JSON.stringify(Object.fromEntries(built));
    } catch {
      // A mistake in one source is to fail the tests of that source, and esbuild has told it.
      delete process.env["TEST_PROGRAMS"];
    }
  };
  await rebuild();
  project.onTestsRerun(rebuild);
  return () => rmSync(folder, { recursive: true, force: true });
}
