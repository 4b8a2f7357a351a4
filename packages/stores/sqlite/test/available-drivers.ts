import { chooseDriver, driverNames } from "../src/driver/choose.js";
import type { DriverName } from "../src/driver/driver.js";

let known: Promise<readonly DriverName[]> | undefined;

/** The drivers that this runtime has. Prints those it lacks, once, so that a run tells what it did not cover. */
export function availableDrivers(): Promise<readonly DriverName[]> {
  known ??= look();
  return known;
}

async function look(): Promise<readonly DriverName[]> {
  const available: DriverName[] = [];
  for (const name of driverNames) {
    const isAvailable = await chooseDriver(name).then(
      () => true,
      () => false,
    );
    if (isAvailable) available.push(name);
    else console.info(`SKIP ${name}: not available in Node ${process.versions.node}`);
  }
  return available;
}
