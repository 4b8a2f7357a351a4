import { chooseDriver, driverNames } from "../src/driver/choose.js";
import type { DriverName } from "../src/driver/driver.js";

/** The drivers that this runtime has. Prints those it lacks, so that a run tells what it did not cover. */
export async function availableDrivers(): Promise<readonly DriverName[]> {
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
