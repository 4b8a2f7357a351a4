// Starts a nats-server, says its pid, and stays until it is killed.
import { natsServer } from "../../src/index.js";

const server = await natsServer();
console.log(server.pid);
setInterval(() => undefined, 1_000);
