import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
  type RESTPostAPIContextMenuApplicationCommandsJSONBody,
} from "discord.js";
import { type Discord, startDiscord } from "../discord.ts";
import type { SentInteraction } from "./interaction-view.ts";
import type { Where } from "./invocation.ts";
import type { GuildChannel, User } from "./world.ts";

// What the stand-in's own tests play in: a server with a channel and a person, and the API without discord.js,
// for what that client would never send.

const { Attachment, Integer, String: Words } = ApplicationCommandOptionType;
const { BotDM, Guild, PrivateChannel } = InteractionContextType;

/** A command that can be used everywhere. */
export const IMAGINE: RESTPostAPIChatInputApplicationCommandsJSONBody = {
  name: "imagine",
  description: "Draws a picture",
  contexts: [Guild, BotDM, PrivateChannel],
  integration_types: [
    ApplicationIntegrationType.GuildInstall,
    ApplicationIntegrationType.UserInstall,
  ],
  options: [
    { type: Words, name: "prompt", description: "What to draw", required: true, max_length: 4000 },
    { type: Words, name: "model", description: "Which model draws", autocomplete: true },
    { type: Integer, name: "count", description: "How many", min_value: 1, max_value: 4 },
    { type: Attachment, name: "image", description: "What to begin with" },
  ],
};

/** A command of a message's menu. */
export const MENU: RESTPostAPIContextMenuApplicationCommandsJSONBody = {
  name: "Draw this",
  type: ApplicationCommandType.Message,
};

/** The smallest thing that counts as a picture here. */
export const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

/** What the tests read of the API's answers. */
export interface Told {
  readonly id: string;
  readonly code: number;
  readonly version: string;
  readonly url: string;
  readonly retry_after: number;
  readonly errors?: object;
  readonly attachments: readonly [{ readonly url: string }];
  readonly components: readonly [
    { readonly items: readonly [{ readonly media: { attachment_id: string; url: string } }] },
  ];
}

export interface ApiAnswer {
  readonly status: number;
  readonly code: number;
  readonly json: Told;
  readonly headers: Headers;
}

export interface RequestOptions {
  readonly token?: string;
  /** By name. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

type Act = (sent: SentInteraction, body: object, options?: RequestOptions) => Promise<ApiAnswer>;

export interface Scene {
  readonly discord: Discord;
  readonly channel: GuildChannel;
  /** A member of the channel's server. */
  readonly ada: User;
  readonly rest: (
    method: string,
    path: string,
    body?: unknown,
    options?: RequestOptions,
  ) => Promise<ApiAnswer>;
  /** Sends a message to the channel. */
  readonly send: (body: object, options?: RequestOptions) => Promise<ApiAnswer>;
  /** `/imagine` and nobody to hear it: an interaction that waits for its answer. */
  readonly imagine: (where?: Where, user?: User) => Promise<SentInteraction>;
  /** Answers an interaction at first, edits the answer, follows up. */
  readonly callback: Act;
  readonly editOriginal: Act;
  readonly followUp: Act;
  /** Where the answers of an interaction are. */
  readonly webhook: (sent: SentInteraction) => string;
}

/** Starts a stand-in with a server, a channel and a person in it. */
export async function openScene(): Promise<Scene> {
  const discord = await startDiscord();
  const guild = discord.guild({ name: "Studio" });
  const channel = discord.channel(guild, { name: "pictures" });
  const ada = discord.user({ username: "ada" });
  discord.member(guild, ada);
  const commands = `/applications/${discord.applicationId}/commands`;
  const webhook = ({ token }: SentInteraction) => `/webhooks/${discord.applicationId}/${token}`;

  const rest: Scene["rest"] = (method, path, body, options = {}) =>
    request(discord, `${method} ${path}`, { body, ...options });

  return {
    discord,
    channel,
    ada,
    rest,
    send: (body, options) => rest("POST", `/channels/${channel.id}/messages`, body, options),
    async imagine(where = channel, user = ada) {
      if (discord.commands().length === 0) await rest("PUT", commands, [IMAGINE, MENU]);
      return discord.slash(user, where, "imagine", { prompt: "a cat" });
    },
    callback: ({ id, token }, body, options) =>
      rest("POST", `/interactions/${id}/${token}/callback`, body, options),
    editOriginal: (sent, body, options) =>
      rest("PATCH", `${webhook(sent)}/messages/%40original`, body, options),
    followUp: (sent, body, options) => rest("POST", webhook(sent), body, options),
    webhook,
  };
}

async function request(
  { apiUrl, token: ownToken }: Discord,
  line: string,
  { body, files = {}, token = ownToken }: RequestOptions & { readonly body: unknown },
): Promise<ApiAnswer> {
  const [method = "", path = ""] = line.split(" ");
  const isForm = Object.keys(files).length > 0;
  const response = await fetch(`${apiUrl}/v10${path}`, {
    method,
    headers: {
      authorization: `Bot ${token}`,
      ...(isForm ? {} : { "content-type": "application/json" }),
    },
    body: isForm ? formOf(body, files) : body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  const json = (text === "" ? {} : JSON.parse(text)) as Told;
  return { status: response.status, code: json.code, json, headers: response.headers };
}

function formOf(body: unknown, files: Readonly<Record<string, Uint8Array>>): FormData {
  const form = new FormData();
  form.set("payload_json", JSON.stringify(body ?? {}));
  for (const [index, [name, bytes]] of Object.entries(files).entries()) {
    form.set(`files[${index}]`, new Blob([Uint8Array.from(bytes)], { type: "image/png" }), name);
  }
  return form;
}

/** The codes of an "Invalid Form Body", by the place of each field. */
export function faultsOf({ json }: { readonly json: Told }): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const visit = (level: object, path: string): void => {
    for (const [key, inner] of Object.entries(level)) {
      if (key === "_errors") found[path] = (inner as Told[]).map(({ code }) => code).join();
      else visit(inner as object, path === "" ? key : `${path}.${key}`);
    }
  };
  visit(json.errors ?? {}, "");
  return found;
}
