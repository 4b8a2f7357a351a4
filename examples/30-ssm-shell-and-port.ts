/** Session Manager without its plugin: a shell, a command with its status, and a port of the machine, each a session of its own. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createColloquy } from "@colloquy/core";
import { startEmulator } from "@colloquy/emulator";
import { ssm } from "@colloquy/ssm";

// For the real service: credentials: () => environmentCredentials(process.env), of "@colloquy/ssm/aws", and no endpoint.
const emulator = await startEmulator({ ssm: { dials: { terminal: "none" } } });
const { region, credentials, endpointUrl: endpoint } = emulator.ssm;
const target = "i-0123456789abcdef0";

const colloquy = createColloquy({ providers: [ssm({ region, credentials, endpoint })] });

const started = async (input: { documentName?: string; parameters?: Record<string, string[]> } = {}) => {
  const session = await colloquy.sessions.create("ssm", { target, ...input });
  await session.start();
  return { session, line: await session.connection({ timeoutMs: 20_000 }) };
};

// A shell is a stream in both directions. Lost connections are mended underneath: not a byte is missing or doubled.
const { session, line } = await started();
const shell = line.shell({ columns: 120, rows: 40 });
shell.write("echo $((6 * 7))\n");
emulator.ssm.cut(session.remoteId as string);
shell.write("echo still here; exit\n");
for await (const chunk of shell) process.stdout.write(chunk as Buffer);
console.log(`1. The shell is over: ${await session.waitFor("terminated")}.`);

const command = await started({
  documentName: "AWS-StartNonInteractiveCommand",
  parameters: { command: ["echo fine; echo broken >&2; exit 3"], separateOutputStream: ["true"] },
});
const { stdout, stderr, code } = await command.line.run();
console.log(`2. Command: output "${stdout.toString().trim()}", errors "${stderr.toString().trim()}", status ${code}.`);

// Stands for a database or a web server that only the machine reaches.
const server = createServer((_request, response) => response.end("hello from the machine"));
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const portNumber = String((server.address() as AddressInfo).port);

const port = await started({
  documentName: "AWS-StartPortForwardingSession",
  parameters: { portNumber: [portNumber] },
});
const forward = await port.line.forwardPort({ port: 0 });
const response = await fetch(`http://${forward.host}:${forward.port}`, { headers: { connection: "close" } });
const answer = await response.text();
console.log(`3. Through ${forward.host}:${forward.port}: ${answer}.`);

await forward.close();
console.log(`4. Closed: ${await port.session.close()}.`);
await colloquy.shutdown();
server.close();
await emulator.close();
