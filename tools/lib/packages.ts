import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root: string = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

type Conditions = Record<string, unknown>;

export interface Manifest {
  readonly name: string;
  readonly description?: string;
  readonly private?: boolean;
  readonly bin?: Record<string, string>;
  readonly exports?: Record<string, string | Conditions>;
}

export interface Package {
  /** Relative to the root, with forward slashes. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Every package of the workspace under packages/, private ones too, in the order of their folders. */
export function packages(): Package[] {
  const folders = ["packages", "packages/providers", "packages/stores"].flatMap((parent) =>
    existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((name) => `${parent}/${name}`) : [],
  );
  return folders
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .toSorted()
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest,
    }));
}

export interface Door {
  /** What a user imports: "@colloquy/core/contract". */
  readonly name: string;
  /** Its source, relative to the root. */
  readonly source: string;
}

/** The import paths that a package offers, with the source behind each. */
export function doors({ folder, manifest }: Package): Door[] {
  return Object.entries(manifest.exports ?? {}).flatMap(([path, target]) => {
    const source = typeof target === "object" ? target["@colloquy/source"] : undefined;
    return typeof source === "string" ? [{ name: manifest.name + path.slice(1), source: join(folder, source) }] : [];
  });
}
