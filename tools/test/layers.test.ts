import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// A layering rule that never fires is worse than none: a renamed folder is enough to silence it.
// So a miniature workspace holds one offender per rule and as many honest files, and one run judges them all.

const repo = fileURLToPath(new URL("../..", import.meta.url));

/** package folder -> its name, dependencies, development dependencies */
const packages: Record<string, { name: string; deps?: string[]; dev?: string[] }> = {
  "packages/core": { name: "@colloquy/core", deps: ["@colloquy/one"], dev: ["dev-only"] },
  "packages/providers/one": {
    name: "@colloquy/one",
    deps: ["@colloquy/core", "@colloquy/two", "@colloquy/emulator"],
    dev: ["@colloquy/conformance"],
  },
  "packages/providers/two": { name: "@colloquy/two", deps: ["@colloquy/core"] },
  "packages/stores/disk": { name: "@colloquy/store-disk", deps: ["@colloquy/core", "@colloquy/one"] },
  "packages/conformance": { name: "@colloquy/conformance", deps: ["@colloquy/core", "@colloquy/one"] },
  "packages/emulator": { name: "@colloquy/emulator", deps: ["@colloquy/core"] },
  "packages/cli": { name: "@colloquy/cli", deps: ["@colloquy/core", "@colloquy/one", "@colloquy/conformance"] },
  examples: { name: "examples", deps: ["@colloquy/one", "@colloquy/cli"] },
};

/** file -> [what it imports, the rule that must name it] */
const offenders: Record<string, [string, string]> = {
  "packages/core/src/contract/builtin.ts": ["node:crypto", "contract-stands-alone"],
  "packages/core/src/contract/upward.ts": ["../clock.js", "contract-stands-alone"],
  "packages/core/src/sideways.ts": ["@colloquy/one", "core-imports-no-other-package"],
  "packages/core/src/lifecycle/upward.ts": ["../sessions/session.js", "core-lower-layers"],
  "packages/core/src/lifecycle/peer.ts": ["../transport/gate.js", "core-lower-layers"],
  "packages/core/src/store/peer.ts": ["../transport/gate.js", "core-store"],
  "packages/core/src/logger.ts": ["./transport/gate.js", "core-seams"],
  "packages/core/src/sessions/top.ts": ["../index.js", "core-index-is-the-top"],
  "packages/core/src/sessions/pretend.ts": ["../testing/index.js", "core-does-not-import-testing"],
  "packages/core/src/dev.ts": ["dev-only", "src-uses-only-runtime-deps"],
  "packages/core/src/undeclared.ts": ["stray", "src-uses-only-runtime-deps"],
  "packages/core/src/lost.ts": ["nowhere-to-be-found", "no-unresolvable"],
  "packages/core/src/tested.ts": ["../test/honest.js", "src-does-not-import-test"],
  "packages/core/src/ring-a.ts": ["./ring-b.js", "no-circular"],
  "packages/providers/one/src/core-root.ts": ["@colloquy/core", "providers-import-only-the-contract"],
  "packages/providers/one/src/emulated.ts": ["@colloquy/emulator", "providers-import-only-the-contract"],
  "packages/providers/one/src/suite.ts": ["@colloquy/conformance", "conformance-is-for-tests"],
  "packages/providers/one/test/neighbour.ts": ["@colloquy/two", "providers-do-not-import-each-other"],
  "packages/providers/one/src/climb.ts": ["../../../core/src/contract/index.js", "no-relative-import-across-packages"],
  "packages/stores/disk/src/provider.ts": ["@colloquy/one", "stores-import-core-only"],
  "packages/conformance/src/provider.ts": ["@colloquy/one", "conformance-imports-core-only"],
  "packages/emulator/src/contract.ts": ["@colloquy/core/contract", "emulator-imports-nothing-of-ours"],
  "packages/cli/src/suite.ts": ["@colloquy/conformance", "conformance-is-for-tests"],
  "examples/climb.ts": ["../packages/providers/one/src/index.js", "examples-import-packages-by-name"],
  "examples/cli.ts": ["@colloquy/cli", "nothing-imports-an-application"],
  "packages/cli/src/example.ts": ["../../../examples/honest.js", "nothing-imports-an-example"],
};

const honest: Record<string, string[]> = {
  "packages/core/src/contract/index.ts": [],
  "packages/core/src/clock.ts": ["./contract/index.js"],
  "packages/core/src/lifecycle/table.ts": ["../contract/index.js"],
  "packages/core/src/transport/gate.ts": ["../contract/index.js", "../clock.js", "node:http"],
  "packages/core/src/sessions/session.ts": ["../lifecycle/table.js", "../transport/gate.js"],
  "packages/core/src/index.ts": ["./sessions/session.js"],
  "packages/core/src/testing/index.ts": ["../index.js"],
  "packages/core/src/ring-b.ts": ["./ring-a.js"],
  "packages/core/test/honest.ts": ["../src/testing/index.js", "dev-only"],
  "packages/providers/one/src/index.ts": ["@colloquy/core/contract"],
  "packages/providers/one/test/honest.ts": ["@colloquy/conformance", "@colloquy/core", "../src/index.js"],
  "packages/providers/two/src/index.ts": [],
  "packages/stores/disk/src/index.ts": ["@colloquy/core"],
  "packages/conformance/src/index.ts": ["@colloquy/core"],
  "packages/emulator/src/index.ts": [],
  "packages/cli/src/index.ts": ["@colloquy/core", "@colloquy/one"],
  "examples/honest.ts": ["@colloquy/one", "./shared.js"],
  "examples/shared.ts": [],
};

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

describe("the layering rules", () => {
  let folder = "";
  let violations: readonly Violation[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "layers-"));
    buildWorkspace(folder);
    violations = cruise(folder);
  }, 60_000);

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(Object.entries(offenders))("reject %s", (file, [, rule]) => {
    expect(violations.filter(({ from }) => from === file).map((violation) => violation.rule.name)).toContain(rule);
  });

  it("leave honest imports alone", () => {
    const blamed = violations.filter(({ from, rule }) => from in honest && rule.name !== "no-circular");
    expect(blamed).toEqual([]);
  });

  it("are each proved by an offender", () => {
    const config = createRequire(import.meta.url)("../../.dependency-cruiser.cjs") as { forbidden: { name: string }[] };
    const proved = new Set(Object.values(offenders).map(([, rule]) => rule));
    expect(config.forbidden.map(({ name }) => name).filter((name) => !proved.has(name))).toEqual([]);
  });
});

function buildWorkspace(root: string): void {
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const folderOf = Object.fromEntries(Object.entries(packages).map(([path, { name }]) => [name, path]));
  copyFileSync(join(repo, "tsconfig.base.json"), join(root, "tsconfig.base.json"));
  write("package.json", "{}");
  for (const name of ["dev-only", "stray"]) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: "index.js" }));
    write(`node_modules/${name}/index.js`, "");
  }
  for (const [path, { name, deps = [], dev = [] }] of Object.entries(packages)) {
    const door = (file: string) => ({ "@colloquy/source": file, import: "./dist/index.js" });
    write(
      `${path}/package.json`,
      JSON.stringify({
        name,
        exports: { ".": door("./src/index.ts"), "./contract": door("./src/contract/index.ts") },
        dependencies: Object.fromEntries(deps.map((dependency) => [dependency, "*"])),
        devDependencies: Object.fromEntries(dev.map((dependency) => [dependency, "*"])),
      }),
    );
    for (const sibling of [...deps, ...dev].filter((dependency) => dependency in folderOf)) {
      const link = join(root, path, "node_modules", sibling);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(relative(dirname(link), join(root, folderOf[sibling] ?? "")), link);
    }
  }
  for (const [file, [target]] of Object.entries(offenders)) write(file, `import "${target}";\n`);
  for (const [file, targets] of Object.entries(honest)) {
    write(file, `${targets.map((target) => `import "${target}";\n`).join("")}export {};\n`);
  }
}

function cruise(root: string): readonly Violation[] {
  const cli = join(repo, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const config = join(repo, ".dependency-cruiser.cjs");
  const run = spawnSync(process.execPath, [cli, "packages", "examples", "--config", config, "-T", "json"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.stdout === "") throw new Error(`dependency-cruiser said nothing but: ${run.stderr}`);
  return (JSON.parse(run.stdout) as { summary: { violations: Violation[] } }).summary.violations;
}
