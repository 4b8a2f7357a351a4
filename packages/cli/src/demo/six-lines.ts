/** What the demo did, as an application would write it. */
export const sixLines: readonly string[] = [
  'const colloquy = createColloquy({ providers: [wasender({ personalAccessToken })], store: sqliteStore("colloquy.db") });',
  'const shop = await colloquy.sessions.create("wasender", { name: "Shop", phoneNumber: "+15550100" });',
  "for await (const { artefact } of shop.pair()) qrcode.generate(artefact);",
  "for await (const { id, state } of shop.sendAll(messages)) console.log(id, state);",
  'for await (const event of shop.events({ types: ["message.received"] })) console.log(event.message.text);',
  "await colloquy.sessions.restore(); // in the next process: goes on where the killed one stopped",
];
