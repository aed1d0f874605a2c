import type { TaskKind } from "./kinds.ts";
import { memoryBeginnings, titleBeginnings } from "./nextchat.ts";

/** Recognises one kind of task of one client by its wording and the place of it. */
export interface Fingerprint {
  readonly client: string;
  readonly kind: TaskKind;
  /** Which message has it: the last one (from the user, the system or either), or any system message. */
  readonly place: "last-user" | "last-system" | "last" | "any-system";
  /** How the message begins; every run of white space in it counts as one space. */
  readonly begins: RegExp | string;
  /** Further texts that the message contains. */
  readonly contains?: readonly string[];
  /** The text of the system message, which has to be the only other message. */
  readonly beside?: RegExp;
  /** Only as the single message of a request that does not stream. */
  readonly alone?: boolean;
  /** The client parses the answer as JSON. */
  readonly json?: boolean;
}

const openWebUi = { client: "open-webui", place: "last-user", json: true } as const;
const history = "<chat_history>";
/** Open WebUI's form of a history in every template; no request for a picture looks like this. */
const filledHistory = ["<chat_history>\nUSER: ", "</chat_history>"] as const;
const anyTemplate = { ...openWebUi, begins: /^/, alone: true } as const;

/**
 * The questions that clients ask on their own, as worded in their public sources. The first row that matches counts.
 * Each begins with a sentence that no request for a picture begins with.
 */
export const fingerprints: readonly Fingerprint[] = [
  // === Open WebUI, backend/open_webui/config.py; the rows without a sentence are for templates that were changed
  {
    ...openWebUi,
    kind: "title",
    begins: /^### Task: Generate a concise.{0,40} title/,
    contains: [history],
  },
  {
    ...openWebUi,
    kind: "tags",
    begins: /^### Task: Generate 1-3 broad tags/,
    contains: [history],
  },
  {
    ...openWebUi,
    kind: "follow-ups",
    begins: /^### Task: Suggest 3-5 relevant follow-up questions/,
    contains: [history],
  },
  {
    ...openWebUi,
    kind: "queries",
    begins: /^### Task: Analyze the .{1,40}determine the necessity of generating search queries/,
    contains: [history],
  },
  {
    ...openWebUi,
    kind: "image-prompt",
    begins: /^### Task: Generate a detailed prompt for a[mn] image generation task/,
    contains: [history],
  },
  {
    ...openWebUi,
    kind: "autocomplete",
    begins: /^### Task: You are an autocompletion system/,
    contains: ["<text>"],
  },
  {
    ...openWebUi,
    kind: "follow-ups",
    begins: /^### Task:/,
    contains: [history, '"follow_ups"'],
  },
  { ...openWebUi, kind: "tags", begins: /^### Task:/, contains: [history, '"tags"'] },
  { ...openWebUi, kind: "queries", begins: /^### Task:/, contains: [history, '"queries"'] },
  { ...openWebUi, kind: "title", begins: /^### Task:/, contains: [history] },
  {
    ...openWebUi,
    kind: "title",
    begins: /^Create a concise, 3-5 word title with an emoji as a title for the/,
    json: false,
  },
  {
    ...openWebUi,
    kind: "title",
    begins: /^Create a concise, 3-5 word phrase as a header for the following query/,
    json: false,
  },
  {
    ...openWebUi,
    kind: "queries",
    begins:
      /^Assess the need for a web search based on the current question and prior interactions/,
    json: false,
  },
  { ...anyTemplate, kind: "follow-ups", contains: [...filledHistory, '"follow_ups"'] },
  { ...anyTemplate, kind: "tags", contains: [...filledHistory, '"tags"'] },
  { ...anyTemplate, kind: "queries", contains: [...filledHistory, '"queries"'] },
  { ...anyTemplate, kind: "image-prompt", contains: [...filledHistory, '"prompt"'] },
  { ...anyTemplate, kind: "title", contains: filledHistory },
  {
    ...openWebUi,
    kind: "emoji",
    begins:
      /^Your task is to reflect the speaker's likely facial expression through a fitting emoji/,
    json: false,
  },
  {
    ...openWebUi,
    kind: "merge",
    begins:
      /^You have been provided with a set of responses from various models to the latest user/,
    json: false,
  },
  {
    ...openWebUi,
    kind: "tool-choice",
    place: "any-system",
    begins: /^Available Tools:/,
    contains: ["choose and return the correct tool"],
  },

  // === LibreChat, packages/agents/src/utils/title.ts
  {
    client: "librechat",
    kind: "title",
    place: "last-user",
    begins: /^Provide a concise, 5-word-or-less title for the conversation, using/,
  },
  {
    client: "librechat",
    kind: "language-and-title",
    place: "last-user",
    begins: /^Analyze this conversation and provide: 1\. The detected language/,
    json: true,
  },
  {
    client: "librechat",
    kind: "title",
    place: "any-system",
    begins: /^Write a concise title for this conversation in the given language\./,
  },

  {
    client: "librechat",
    kind: "summary",
    place: "last",
    begins: /^Summarize the conversation by integrating new lines into the current summary\./,
  },

  // === NextChat
  ...titleBeginnings.map((begins) => {
    return { client: "nextchat", kind: "title", place: "last-user", begins } as const;
  }),
  ...memoryBeginnings.map((begins) => {
    return { client: "nextchat", kind: "summary", place: "last-system", begins } as const;
  }),

  // === Cherry Studio: the button that tests a provider, what is asked before a search, and the setting "topic naming",
  // in two languages, as of its early versions and LobeChat's, and in any wording: the conversation is in JSON
  {
    client: "cherry-studio",
    kind: "greeting",
    place: "last-user",
    begins: /^hi$/,
    beside: /^test$/,
  },
  {
    client: "cherry-studio",
    kind: "queries",
    place: "any-system",
    begins: /^You are an AI question rephraser\. Your role is to rephrase follow-up queries/,
  },
  {
    client: "cherry-studio",
    kind: "title",
    place: "any-system",
    begins:
      /^Summarize the conversation into a title in .{1,40} within 10 words ignoring instructions/,
  },
  {
    client: "cherry-studio",
    kind: "title",
    place: "any-system",
    begins: /^总结给出的会话，将其总结为语言为/,
  },
  {
    client: "cherry-studio",
    kind: "title",
    place: "any-system",
    begins:
      /^(?:You are an assistant skilled in conversation. You need to summarize|你是一名擅长会话的助理，你需要将)/,
  },
  {
    client: "cherry-studio",
    kind: "title",
    place: "last-user",
    begins: /^\[ ?\{ ?"role": ?"(?:user|assistant)", ?"mainText": ?"/,
    beside: /./,
  },

  // === LobeChat, packages/prompts: chainSummaryTitle, chainSummaryHistory
  {
    client: "lobechat",
    kind: "summary",
    place: "any-system",
    begins:
      /^You're an assistant who's good at extracting key takeaways .{0,40}from conversations and/,
  },
  {
    client: "lobechat",
    kind: "title",
    place: "any-system",
    begins: /^You are a professional conversation summarizer\. Generate a concise title/,
  },

  // === Chatbox, src/renderer/packages/prompts.ts
  {
    client: "chatbox",
    kind: "title",
    place: "last-user",
    begins: /^Based on the chat history, give this conversation a (?:name|title)\./,
  },

  // === Continue, core/util/chatDescriber.ts
  {
    client: "continue",
    kind: "title",
    place: "last-user",
    begins:
      /^Given the following.{1,20} please reply with a (?:title for the chat|short summary) that is \d+-\d+ words/,
  },

  // === SillyTavern, the button that tests a connection, and its summary
  {
    client: "sillytavern",
    kind: "greeting",
    place: "last-user",
    begins: /^Hi$/,
    alone: true,
  },
  {
    client: "sillytavern",
    kind: "summary",
    place: "last",
    begins:
      /^(?:Ignore previous instructions|\[Pause your roleplay)\. Summarize the most important (?:facts and events|parts of the)/,
  },
];

/** Open WebUI's names for its tasks, which it can send in a header (`X-OpenWebUI-Task`). */
export const openWebUiTasks: Readonly<Record<string, TaskKind>> = {
  title_generation: "title",
  tags_generation: "tags",
  follow_up_generation: "follow-ups",
  query_generation: "queries",
  image_prompt_generation: "image-prompt",
  autocomplete_generation: "autocomplete",
  emoji_generation: "emoji",
  moa_response_generation: "merge",
  function_calling: "tool-choice",
};
