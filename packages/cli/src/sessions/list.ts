import type { ListFlags } from "../commands/sessions.js";
import type { Context, Report } from "../context.js";
import { sessionJson, stateInWords } from "../describe-session.js";
import { withColloquy } from "../open-colloquy.js";
import type { Fields } from "../output/output.js";
import { table } from "../output/table.js";
import { adapterOf } from "../providers/registry.js";

/** `colloquy sessions list`. */
export function listCommand(context: Context, { remote }: ListFlags): Promise<Report> {
  return remote === undefined ? listStored(context) : listRemote(context, remote);
}

function listStored(context: Context): Promise<Report> {
  const { output } = context;
  return withColloquy(context, async ({ colloquy, path }) => {
    const sessions: Fields[] = [];
    const rows: string[][] = [];
    const nowMs = Date.now();
    for await (const session of colloquy.sessions.list()) {
      sessions.push(sessionJson(session, output));
      const account = output.address(session.snapshot.identity?.id) ?? "";
      rows.push([
        session.id,
        session.name ?? "",
        session.providerId,
        session.remoteId ?? "",
        account,
        stateInWords(session, nowMs),
      ]);
    }
    if (rows.length === 0) output.line(`There are no sessions in ${path}. Make one: colloquy pair wasender`);
    else output.line(table(["ID", "NAME", "PROVIDER", "THERE", "ACCOUNT", "STATE"], rows));
    return { fields: { sessions, store: path } };
  });
}

async function listRemote(context: Context, providerId: string): Promise<Report> {
  const { output, signal } = context;
  const adapter = await adapterOf(providerId);
  return withColloquy(
    context,
    async ({ colloquy }) => {
      const found = await adapter.remote(colloquy.provider(providerId)).list(signal);
      const sessions = found.map(({ phone, ...rest }) => ({
        ...rest,
        ...(phone === undefined ? {} : { phone: output.address(phone) }),
      }));
      if (sessions.length === 0) output.line(`The account has no sessions at ${providerId}.`);
      else
        output.line(
          table(
            ["THERE", "NAME", "PHONE", "STATUS"],
            sessions.map(({ remoteId, name, phone, status }) => [remoteId, name ?? "", phone ?? "", status ?? ""]),
          ),
        );
      return { fields: { provider: providerId, sessions } };
    },
    { named: [providerId] },
  );
}
