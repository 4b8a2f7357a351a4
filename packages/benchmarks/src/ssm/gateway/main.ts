// The gateway and the far end of measured sessions, and the programs that use a forwarded port. In a process of its own.

import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { bytesOfStream, fromQuery, type SsmJob } from "../job.js";
import { BenchSession } from "./session.js";
import { acceptUpgrade } from "./web-socket.js";

let session: BenchSession | undefined;

const server = createServer();
server.on("upgrade", (request, socket) => {
  (socket as Socket).setNoDelay(true);
  acceptUpgrade(request, socket);
  session = new BenchSession(socket, fromQuery(new URL(request.url ?? "", "http://localhost").searchParams));
});
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));

/** One connection to the forwarded port: reads or writes its share, and answers how much came. */
async function use(port: number, job: SsmJob): Promise<number> {
  const socket = connect({ port, host: "127.0.0.1" });
  let read = 0;
  socket.on("data", (chunk: Buffer) => {
    read += chunk.length;
  });
  const closed = once(socket, "close");
  if (job.kind === "upload") {
    const block = Buffer.alloc(65_536, 0x5a);
    for (let left = bytesOfStream(job); left > 0; left -= block.length)
      if (!socket.write(left < block.length ? block.subarray(0, left) : block)) await once(socket, "drain");
  }
  await closed;
  return read;
}

interface Order {
  /** A port to be used. */
  readonly port?: number;
  readonly job: SsmJob;
}

process.on("message", ({ port, job }: Order) => {
  void (async () => {
    const reads =
      port === undefined ? [] : await Promise.all(Array.from({ length: job.streams }, () => use(port, job)));
    const read = reads.reduce((sum, bytes) => sum + bytes, 0);
    const movedBytes = {
      download: read,
      output: session?.sentBytes,
      upload: session?.receivedBytes,
      input: session?.receivedBytes,
    };
    process.send?.({ movedBytes: movedBytes[job.kind] ?? 0 });
  })();
});
process.on("disconnect", () => process.exit());
