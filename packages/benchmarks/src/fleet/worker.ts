// One worker, until it is told to stop. Arguments: name, database, address of the service, time between looks in milliseconds.

import { createColloquy } from "@colloquy/core";
import { sqliteStore } from "@colloquy/store-sqlite";
import { idleProvider } from "./idle-provider.js";

const [name = "", path = "", baseUrl = "", scanMs = "2000"] = process.argv.slice(2);
const colloquy = createColloquy({ providers: [idleProvider(baseUrl)], store: sqliteStore(path) });
const worker = colloquy.work({ name, scanMs: Number(scanMs) });
void worker.ready.then(() => process.send?.("ready"));
process.once("SIGTERM", () => void colloquy.shutdown().then(() => process.exit()));
