import { type Command, type CommandScope, GLOBAL, commandPayload } from "./commands.ts";
import { refusal } from "./errors.ts";
import { type Answer, type Call, type Handler, type Route, parameter, routes } from "./router.ts";
import { commandForm, commandForms } from "./schema-commands.ts";
import { readForm } from "./schema.ts";

/** Which commands a path is about. Throws 10002 and 50001. */
function scopeOf(call: Call): CommandScope {
  const { world } = call.platform;
  if (parameter(call, "application") !== world.app.id) throw refusal("unknown-application");
  const { guild } = call.parameters;
  if (guild === undefined) return GLOBAL;
  if (world.guilds.get(guild)?.installed !== true) throw refusal("missing-access");
  return guild;
}

function told({ platform }: Call, command: Command, withLocalizations = true) {
  return commandPayload(command, platform.world.app.id, withLocalizations);
}

function listed(call: Call, commands: readonly Command[], withLocalizations = true): Answer {
  return { status: 200, json: commands.map((command) => told(call, command, withLocalizations)) };
}

/** A handler that changes commands; it is counted whether or not it succeeds. */
function changing(method: string, change: (call: Call, scope: CommandScope) => Answer): Handler {
  return (call) => {
    const scope = scopeOf(call);
    call.platform.commands.registrations.push({ scope, method });
    return change(call, scope);
  };
}

function found(call: Call, scope: CommandScope): Command {
  return call.platform.commands.find(scope, parameter(call, "command"));
}

const handlers: Readonly<Record<string, Handler>> = {
  "GET ": (call) => {
    const withLocalizations = call.query.get("with_localizations") === "true";
    return listed(call, call.platform.commands.list(scopeOf(call)), withLocalizations);
  },
  "PUT ": changing("PUT", (call, scope) =>
    listed(call, call.platform.commands.overwrite(scope, readForm(commandForms, call.json ?? []))),
  ),
  "POST ": changing("POST", (call, scope) => {
    const form = readForm(commandForm, call.json ?? {});
    const { command, added } = call.platform.commands.put(scope, form);
    return { status: added ? 201 : 200, json: told(call, command) };
  }),
  "GET /:command": (call) => ({ status: 200, json: told(call, found(call, scopeOf(call))) }),
  "PATCH /:command": changing("PATCH", (call, scope) => {
    const command = found(call, scope);
    const form = readForm(commandForm, { ...command.form, ...(call.json as object) });
    return { status: 200, json: told(call, call.platform.commands.replace(command, form)) };
  }),
  "DELETE /:command": changing("DELETE", (call, scope) => {
    call.platform.commands.remove(found(call, scope));
    return { status: 204 };
  }),
};

const BASES = [
  "/applications/:application/commands",
  "/applications/:application/guilds/:guild/commands",
];

/** The commands of the app, everywhere and in one server. */
export const commandRoutes: readonly Route[] = BASES.flatMap((base) =>
  Object.entries(handlers).flatMap(([key, handle]) => {
    const [method = "", rest = ""] = key.split(" ");
    return routes(true, { [`${method} ${base}${rest}`]: handle });
  }),
);
