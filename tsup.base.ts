import { defineConfig, type Options } from "tsup";

type Config = ReturnType<typeof defineConfig>;

/** The one build recipe: ESM, CommonJS and declarations, for the lowest Node that the packages promise. */
export const base = (options: Options = {}): Config =>
  defineConfig({
    entry: ["src/index.ts"],
    tsconfig: "tsconfig.build.json",
    format: ["esm", "cjs"],
    target: "node20.19",
    platform: "node",
    // tsup sets `baseUrl`, which TypeScript 6 reports as deprecated.
    dts: { compilerOptions: { ignoreDeprecations: "6.0", composite: false, incremental: false } },
    sourcemap: true,
    clean: true,
    treeshake: true,
    splitting: true,
    ...options,
  });
