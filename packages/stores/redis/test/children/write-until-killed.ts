import { redisStore } from "../../src/index.js";
import { writeForever } from "./writing.js";

const [url = "", prefix = "", sessionId = ""] = process.argv.slice(2);
const store = redisStore({ url, prefix, timeoutMs: 20_000 });
await store.open();
await writeForever(store, sessionId);
