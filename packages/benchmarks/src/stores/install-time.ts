import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { driverVersion } from "./install-size.js";

/**
 * How long npm takes to install the driver of Node 20 into an empty folder, with install scripts forbidden, in seconds. It is opened
 * once, to show that it needs none. Undefined where packages cannot be fetched.
 */
export function driverInstallSeconds(): number | undefined {
  const driver = `libsql@${driverVersion()}`;
  const cwd = mkdtempSync(join(tmpdir(), "colloquy-bench-"));
  const stdio = "ignore";
  try {
    const startedAt = performance.now();
    execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", driver], {
      cwd,
      stdio,
    });
    const seconds = (performance.now() - startedAt) / 1_000;
    execFileSync(process.execPath, ["-e", 'new (require("libsql"))(":memory:").exec("SELECT 1")'], { cwd, stdio });
    return seconds;
  } catch {
    return undefined;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
