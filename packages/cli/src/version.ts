import { readFileSync } from "node:fs";

/** From the package's own manifest, which is one folder above both `src` and `dist`. */
export const version: string = (
  JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }
).version;
