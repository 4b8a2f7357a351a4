/** Uploads a local file, telling how much has left, and sends it as a picture. */
import { createColloquy } from "@colloquy/core";
import { wasender } from "@colloquy/wasender";
import { emulatedAccount } from "./emulated.js";
import { pairedSession } from "./paired-session.js";

// For the real service: const account = { personalAccessToken: process.env["WASENDER_PERSONAL_ACCESS_TOKEN"] ?? "" };
const { account, stop } = await emulatedAccount();

const colloquy = createColloquy({ providers: [wasender(account)] });
const shop = await colloquy.sessions.attach("wasender", await pairedSession(account));
await shop.start();
await shop.waitFor("connected", { timeoutMs: 30_000 });

// Stands in for a photo. `{ file: "photo.png" }`, `{ blob }` and `{ stream, byteLength }` work the same way.
const photo = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

// First the upload, then the message: each has its own fate, and the message in the outbox needs no file after a crash.
const upload = await shop.provider.media.upload({
  bytes: photo,
  kind: "image",
  onProgress: ({ sentBytes, totalBytes }) => console.log(`Uploaded ${sentBytes} of ${totalBytes} bytes.`),
});
const sent = await shop.send({
  to: "+15550101",
  text: "The new colour",
  media: { kind: "image", url: upload.value.publicUrl },
});
console.log(`Sent as message ${sent.providerMessageId}; the file can be fetched for 24 hours.`);

await colloquy.shutdown();
await stop();
