// Type-checks every `ts` block of the Markdown against the sources, in one compiler run.
// A block that cannot be checked says why: ```ts ignore=the reason

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { repositoryFiles } from "./lib/files.js";
import { snippets } from "./lib/markdown.js";
import { doors, packages, root } from "./lib/packages.js";

const folder = join(root, "node_modules/.cache/snippets");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const pages = repositoryFiles().filter((file) =>
  /^([^/]+\.md|(docs|examples)\/.*\.md|packages\/.*README\.md)$/.test(file),
);

/** generated file -> the page it came from */
const origin = new Map<string, string>();
let failures = 0;

for (const page of pages) {
  for (const { line, code, ignore } of snippets(readFileSync(join(root, page), "utf8"))) {
    if (ignore === "") {
      console.error(`${page}:${line - 1}: say why: \`\`\`ts ignore=the reason`);
      failures += 1;
    }
    if (ignore !== undefined) continue;
    const file = `${page.replaceAll(/[^\w]+/g, "-")}-${line}.ts`;
    origin.set(file, page);
    // Blank lines in front keep the compiler's line numbers those of the page; the export makes it a module.
    writeFileSync(join(folder, file), `${"\n".repeat(line - 1)}${code}\nexport {};\n`);
  }
}

const paths = Object.fromEntries(
  packages()
    .flatMap((package_) => doors(package_))
    .map(({ name, source }) => [name, [relative(folder, join(root, source))]]),
);
writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
writeFileSync(
  join(folder, "tsconfig.json"),
  JSON.stringify({
    extends: relative(folder, join(root, "tsconfig.base.json")),
    compilerOptions: {
      types: ["node"],
      paths,
      declaration: false,
      isolatedDeclarations: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
      noPropertyAccessFromIndexSignature: false,
    },
    files: [...origin.keys()],
  }),
);

if (origin.size > 0) {
  const tsc = join(root, "node_modules/@typescript/native/bin/tsc");
  const run = spawnSync(process.execPath, [tsc, "-p", folder, "--pretty", "false"], { cwd: folder, encoding: "utf8" });
  const report = run.stdout.replaceAll(/^([\w-]+\.ts)\((\d+),/gm, (whole, file: string, line: string) => {
    const page = origin.get(file);
    return page === undefined ? whole : `${page}:${line}: (`;
  });
  process.stderr.write(report + run.stderr);
  if (run.status !== 0) failures += 1;
}

console.log(`${origin.size} snippets of ${pages.length} pages: ${failures === 0 ? "fine" : "failed"}`);
process.exitCode = failures > 0 ? 1 : 0;
