import { natsStore } from "../../src/index.js";
import { writeForever } from "./writing.js";

const [servers = "", prefix = "", sessionId = ""] = process.argv.slice(2);
const store = natsStore({ servers, prefix, timeoutMs: 20_000 });
await store.open();
await writeForever(store, sessionId);
