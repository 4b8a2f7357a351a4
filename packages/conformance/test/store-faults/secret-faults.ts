import type { Store } from "@colloquy/core";
import { type Fault, otherTurns, type Tampering } from "./fault.js";

const secrets =
  (change: (base: Store["secrets"]) => Partial<Store["secrets"]>) =>
  (base: Store): Tampering => ({ secrets: change(base.secrets) });

export const secretFaults: readonly Fault[] = [
  {
    name: "gives an empty value for a secret that it does not have",
    fails: ["holds no secrets at first"],
    tamper: secrets(({ get }) => ({ get: async (id) => ({ session_key: "", ...(await get(id)) }) })),
  },
  {
    name: "replaces all secrets of a session by those named",
    fails: ["sets the named secrets of a session and leaves the others"],
    tamper: secrets(({ put, remove }) => ({
      async put(id, values) {
        await remove(id);
        await put(id, values);
      },
    })),
  },
  {
    name: "reads, merges and writes secrets in steps (not atomic)",
    fails: ["keeps every secret when calls race"],
    tamper: secrets(({ get, put, remove }) => ({
      async put(id, values) {
        const before = await get(id);
        await otherTurns();
        void remove(id);
        await put(id, { ...before, ...values });
      },
    })),
  },
  {
    name: "removes the session with its secrets",
    fails: ["removes the secrets of one session, and nothing else of it"],
    tamper: (base) => ({ secrets: { remove: async (id) => void (await base.records.remove(id)) } }),
  },
  {
    name: "stores secrets as they are, against its promise",
    fails: ["leaves no secret readable in what is stored"],
    stored: async (base) => [Buffer.from(JSON.stringify(await base.secrets.get("ses_1")))],
  },
];
