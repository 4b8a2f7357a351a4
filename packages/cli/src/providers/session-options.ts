import type { Command } from "commander";

/**
 * The options of a new session. Apart from the adapters, because these are needed to print the help, and a provider's
 * package is not.
 */
export function addSessionOptions(command: Command): Command {
  return command
    .option("--name <name>", "what the session is called")
    .option("--phone <number>", "phone number that will be linked, in E.164")
    .option("--no-account-protection", "wasender: send faster than one message in 5 s, at the number's risk")
    .option("--log-messages", "wasender: let the provider keep message contents")
    .option("--user <id>", "atlus: whose session it is")
    .option("--channel <id>", "org-nats: the channel that is asked, where a question names none")
    .option("--subject <subject>", "org-nats: the NATS subject on which answers are told")
    .option("--template <json>", "org-nats: which answers fit, in the server's own language")
    .option("--webhook-url <url>", "where the provider delivers events")
    .option("--webhook-events <names>", "which events, separated by commas");
}
