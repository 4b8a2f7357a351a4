import type { Logger } from "@colloquy/core";
import { ColloquyError } from "@colloquy/core/contract";
import type { Tools } from "./link.js";

/** What is older was never tried. */
const least = [2, 9] as const;

/** Fails with `CONFIG_INVALID` where the store could not work; logs what an operator should know. */
export async function checkServer(who: string, { nc, jsm }: Tools, replicas: number, logger: Logger): Promise<void> {
  const wrong = (message: string): ColloquyError =>
    new ColloquyError({ code: "CONFIG_INVALID", message: `${who}: ${message}` });
  const { version = "0", jetstream = false } = nc.info ?? {};
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  if (major < least[0] || (major === least[0] && minor < least[1]))
    throw wrong(`the server is nats-server ${version}; ${least.join(".")} or later is needed.`);
  if (!jetstream) throw wrong("the server runs without JetStream.");
  await jsm.getAccountInfo();
  if (replicas === 1)
    logger.log("info", "store.one_copy", {
      store: "nats",
      because: "streams have one replica: one disk holds everything",
    });
}
