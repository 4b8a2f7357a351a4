// One worker, until it is told to stop. Arguments: name, database, address of the service.

import { createColloquy } from "@colloquy/core";
import { sqliteStore } from "@colloquy/store-sqlite";
import { idleProvider } from "./idle-provider.js";

const [name = "", path = "", baseUrl = ""] = process.argv.slice(2);
const colloquy = createColloquy({ providers: [idleProvider(baseUrl)], store: sqliteStore(path) });
colloquy.work({ name });
process.once("SIGTERM", () => void colloquy.shutdown().then(() => process.exit()));
