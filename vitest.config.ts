import { defineConfig } from "vitest/config";
import { TestReporter } from "./tools/lib/test-report.js";

// Tests import the sources of sibling packages, so they need no build.
const conditions = ["@colloquy/source", "node", "import", "module", "default"];
const resolve = { resolve: { conditions }, ssr: { resolve: { conditions } } };

// More than two cores can run, as files mostly wait. The same for all projects, so that those of one fill the pauses of the other.
const maxWorkers = 4;

// These change what every test of their process sees: `node:http`, the global telemetry, how rejections are told.
const alone = [
  "packages/core/test/open-telemetry.test.ts",
  "packages/core/test/sessions/receipts.test.ts",
  "packages/core/test/transport/unreachable-hosts.test.ts",
];

const unit = {
  // Long enough for a machine that is busy with the process tests: no unit test waits for a clock.
  testTimeout: 30_000,
  maxWorkers,
};

const report = process.env["TEST_REPORT"];

export default defineConfig({
  test: {
    // tools/check.mjs reads the numbers from a file; people read them from the terminal.
    reporters: report === undefined ? ["default"] : ["default", new TestReporter(report)],
    coverage: { provider: "v8", include: ["packages/**/src/**/*.ts"], reporter: ["text", "lcovonly"] },
    projects: [
      {
        ...resolve,
        test: {
          ...unit,
          name: "unit",
          include: ["packages/**/test/**/*.test.ts", "tools/test/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**", "**/*.process.test.ts", ...alone],
          // Most of what a file of them costs is loading the sources, which these have in common.
          isolate: false,
        },
      },
      { ...resolve, test: { ...unit, name: "unit-alone", include: alone } },
      {
        ...resolve,
        test: {
          // Real processes, real files, a real browser: slower, and mostly waiting for each other.
          name: "process",
          include: ["packages/**/test/**/*.process.test.ts", "examples/**/*.process.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          globalSetup: ["packages/cli/test/support/build-programs.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Real clocks on a shared machine: what a busy moment spoilt is tried once more, and the report tells it.
          retry: 1,
          maxWorkers,
          // As above. A test closes what it opens, so nothing is left for the next file.
          isolate: false,
          // Of tests in one file that say they may; each has processes of its own.
          maxConcurrency: 3,
        },
      },
    ],
  },
});
