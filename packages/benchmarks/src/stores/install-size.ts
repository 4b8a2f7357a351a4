import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const storePackage = fileURLToPath(new URL("../../../stores/sqlite/package.json", import.meta.url));

export function driverVersion(): string {
  const text = readFileSync(join(packageFolder("libsql", storePackage), "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** What the driver of Node 20 adds to an installation, in MB: its packages, with everything that they depend on. */
export function driverMegabytes(): number {
  const seen = new Set<string>();
  visit("libsql", storePackage, seen);
  return [...seen].reduce((sum, folder) => sum + bytesBelow(folder), 0) / 2 ** 20;
}

function visit(name: string, from: string, seen: Set<string>): void {
  let folder: string;
  try {
    folder = packageFolder(name, from);
  } catch {
    // For another system: not installed.
    return;
  }
  if (seen.has(folder)) return;
  seen.add(folder);
  const manifest = join(folder, "package.json");
  const { dependencies = {}, optionalDependencies = {} } = createRequire(manifest)(manifest) as Record<
    "dependencies" | "optionalDependencies",
    Readonly<Record<string, string>> | undefined
  >;
  for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) visit(next, manifest, seen);
}

function packageFolder(name: string, from: string): string {
  const paths = createRequire(from).resolve.paths(name) ?? [];
  for (const path of paths) {
    try {
      return dirname(realpathSync(join(path, name, "package.json")));
    } catch {
      // Further up.
    }
  }
  throw new Error(`${name} is not installed.`);
}

function bytesBelow(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? sum : sum + bytesBelow(path);
    return sum + statSync(path).size;
  }, 0);
}
