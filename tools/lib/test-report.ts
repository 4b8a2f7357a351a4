import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import type { Reporter, SerializedError, TestModule } from "vitest/node";

/** What tools/check.mjs reads after a run: numbers, and what went wrong where. */
export interface TestReport {
  readonly passed: number;
  readonly failed: number;
  /** Files with a failed test, a failed hook, or an error that no test caught; relative to the root. */
  readonly files: readonly string[];
  /** A line or more for each fault. */
  readonly faults: readonly string[];
}

/** Writes a {@link TestReport}. Vitest's own JSON leaves out errors that no test caught, though they fail the run. */
export class TestReporter implements Reporter {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const files = new Set<string>();
    const faults: string[] = [];
    const root = process.cwd();
    const note = (file: string, where: string, errors: readonly SerializedError[]): void => {
      if (file !== "") files.add(relative(root, file));
      for (const error of errors) faults.push(`${relative(root, file)} > ${where}: ${error.stack ?? error.message}`);
    };
    let [passed, failed] = [0, 0];
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        if (state === "passed") passed += 1;
        if (state !== "failed") continue;
        failed += 1;
        note(module.moduleId, test.fullName, errors);
      }
      if (module.state() !== "failed") continue;
      note(module.moduleId, "the file", module.errors());
      for (const suite of module.children.allSuites()) note(module.moduleId, suite.fullName, suite.errors());
    }
    for (const error of unhandled) {
      const file: unknown = error["VITEST_TEST_PATH"];
      note(typeof file === "string" ? file : "", "outside of any test", [error]);
    }
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, JSON.stringify({ passed, failed, files: [...files], faults } satisfies TestReport));
  }
}
