import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

describe("the door @colloquy/core/webhooks", () => {
  it("imports nothing of Node's and no package, so that it runs at the edge", async () => {
    const { metafile } = await build({
      entryPoints: [fileURLToPath(new URL("../../src/webhooks/index.ts", import.meta.url))],
      bundle: true,
      write: false,
      metafile: true,
      format: "esm",
      platform: "neutral",
    });
    expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
    const inputs = Object.keys(metafile.inputs).map((path) => path.replace(/.*\/core\/src\//, ""));
    const outside = inputs.filter((path) => !/^(webhooks|contract)\/|^clock\.ts$/.test(path));
    expect(outside).toEqual([]);
  });
});
