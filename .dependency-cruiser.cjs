// Who may import whom (docs/architecture.md, section 3). tools/test/layers.test.ts proves that each rule bites.
// Siblings resolve to their sources through the "@colloquy/source" condition; resolving to dist would hide the arrows.

const seams = "(cancellation|clock|logger|telemetry|random|ids)\\.ts$";
const package_ = "^packages/((?:providers|stores)/[^/]+|[^/]+)/";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-circular",
      comment: "Type-only imports are gone at run time, so a part may name the type of its whole.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "contract-stands-alone",
      comment:
        "No npm package, no Node module, no file outside contract/: a provider pulls in nothing by importing it.",
      severity: "error",
      from: { path: "^packages/core/src/contract/" },
      to: { pathNot: "^packages/core/src/contract/" },
    },
    {
      name: "core-imports-no-other-package",
      severity: "error",
      from: { path: "^packages/core/" },
      to: { path: "^packages/(?!core/)" },
    },
    {
      name: "core-lower-layers",
      comment: "contract <- lifecycle, transport: these know neither each other nor what is above them.",
      severity: "error",
      from: { path: "^packages/core/src/(lifecycle|transport)/" },
      to: {
        path: "^packages/core/src/",
        pathNot: ["^packages/core/src/(contract|$1)/", `^packages/core/src/${seams}`],
      },
    },
    {
      name: "core-store",
      comment: "lifecycle <- store: what is kept is the lifecycle's snapshot and log.",
      severity: "error",
      from: { path: "^packages/core/src/store/" },
      to: {
        path: "^packages/core/src/",
        pathNot: ["^packages/core/src/(contract|lifecycle|store)/", `^packages/core/src/${seams}`],
      },
    },
    {
      name: "core-seams",
      comment: "Clock, logger, telemetry, random and ids are below every layer but contract.",
      severity: "error",
      from: { path: `^packages/core/src/${seams}` },
      to: { path: "^packages/core/src/", pathNot: ["^packages/core/src/contract/", `^packages/core/src/${seams}`] },
    },
    {
      name: "core-index-is-the-top",
      severity: "error",
      from: { path: "^packages/core/src/", pathNot: "^packages/core/src/testing/" },
      to: { path: "^packages/core/src/index\\.ts$" },
    },
    {
      name: "core-does-not-import-testing",
      severity: "error",
      from: { path: "^packages/(core|stores|providers|cli)/.*src/", pathNot: "^packages/core/src/testing/" },
      to: { path: "^packages/core/src/testing/" },
    },
    {
      name: "providers-import-only-the-contract",
      comment: "Types are gone at run time, so what a provider is handed may be named by its type.",
      severity: "error",
      from: { path: "^packages/providers/([^/]+)/src/" },
      to: {
        path: "^packages/",
        dependencyTypesNot: ["type-only"],
        pathNot: ["^packages/providers/$1/src/", "^packages/core/src/contract/", "node_modules"],
      },
    },
    {
      name: "providers-do-not-import-each-other",
      severity: "error",
      from: { path: "^packages/providers/([^/]+)/" },
      to: { path: "^packages/providers/", pathNot: "^packages/providers/$1/" },
    },
    {
      name: "stores-import-core-only",
      severity: "error",
      from: { path: "^packages/stores/([^/]+)/src/" },
      to: { path: "^packages/", pathNot: ["^packages/stores/$1/src/", "^packages/core/src/", "node_modules"] },
    },
    {
      name: "conformance-imports-core-only",
      severity: "error",
      from: { path: "^packages/conformance/src/" },
      to: { path: "^packages/", pathNot: ["^packages/conformance/src/", "^packages/core/src/", "node_modules"] },
    },
    {
      name: "emulator-imports-nothing-of-ours",
      comment: "It shares no encoder or decoder with a provider, so they cannot agree on one mistake.",
      severity: "error",
      from: { path: "^packages/emulator/" },
      to: { path: "^packages/", pathNot: ["^packages/emulator/", "node_modules"] },
    },
    {
      name: "nothing-imports-an-application",
      comment: "The CLI and the benchmarks may use everything but conformance.",
      severity: "error",
      from: { pathNot: "^packages/(cli|benchmarks)/" },
      to: { path: "^packages/(cli|benchmarks)/", pathNot: "node_modules" },
    },
    {
      name: "nothing-imports-an-example",
      severity: "error",
      from: { pathNot: "^examples/" },
      to: { path: "^examples/", pathNot: "node_modules" },
    },
    {
      name: "conformance-is-for-tests",
      severity: "error",
      from: { path: ["^packages/.+/src/", "^examples/"], pathNot: "^packages/conformance/" },
      to: { path: "^packages/conformance/" },
    },
    {
      name: "no-relative-import-across-packages",
      severity: "error",
      from: { path: package_ },
      to: { path: "^(packages|examples)/", pathNot: "^packages/$1/", dependencyTypes: ["local"] },
    },
    {
      name: "examples-import-packages-by-name",
      severity: "error",
      from: { path: "^examples/" },
      to: { path: "^packages/", dependencyTypes: ["local"] },
    },
    {
      name: "src-does-not-import-test",
      severity: "error",
      from: { path: "/src/" },
      to: { path: "^packages/.+/test/" },
    },
    {
      name: "src-uses-only-runtime-deps",
      severity: "error",
      from: { path: "^packages/.+/src/" },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
        dependencyTypesNot: ["npm", "npm-peer", "npm-optional"],
      },
    },
    {
      name: "no-unresolvable",
      comment: "better-sqlite3 is an optional peer that only its users install.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^better-sqlite3(/|$)" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|coverage)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@colloquy/source", "import", "require", "node", "default", "types"],
      extensions: [".ts", ".js", ".mjs", ".cjs", ".d.ts"],
    },
  },
};
