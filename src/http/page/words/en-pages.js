/** The pages of settings, and what operators look at, in English. */

import { doorNames, doorStates, faults, setupRefusals } from "./en-sentences.js";
import { filled } from "./say.js";

export const pages = {
  connect: {
    heading: "Connect",
    text: "Any program that speaks OpenAI's API paints here. These are its settings; the key is yours.",
    base: "Base address",
    key: "Key",
    model: "Model",
    showKey: "Show the key",
    hideKey: "Hide the key",
    copy: "Copy",
    bots: "Bots",
    invite: "Add the bot to a server",
    botOff: "off",
    docs: "Every request and field",
    /** The menus of other programs, as these have them. */
    where: {
      key: "API key",
      model: "Model",
      openWebUi: "Admin → Settings → Connections → OpenAI → URL",
      openWebUiImages: "Admin → Settings → Images → OpenAI → Model",
      nextChat: "Settings → Custom Endpoint → Endpoint (without /v1)",
      nextChatModels: "Custom Models",
      lobeChat: "OpenAI → API proxy URL",
      cherryStudio: "Settings → Model Provider → Add (OpenAI) → API Host",
      chatbox: "Custom provider, OpenAI API compatible → API Host",
      sillyTavern: "Chat Completion → Custom (OpenAI-compatible) → Endpoint",
    },
  },
  admin: {
    heading: "Admin",
    notOperator: "This page is for operators.",
    /** @param {string} id */
    howTo: (id) => `Whoever runs this server can name this key in the variable OPERATORS: ${id}`,
    queue: "Under way",
    failures: "Failed lately",
    people: "People",
    providers: "Image services",
    models: "Models",
    doors: "Doors",
    presets: "Presets of people and places",
    works: "works",
    untried: "not asked since the start",
    /** @param {number} count @param {string} fault */
    failing: (count, fault) =>
      count === 1 ? `failed: ${fault}` : `failed ${count} times: ${fault}`,
    /** @param {number} painting @param {number} slots */
    busy: (painting, slots) => `${painting} of ${slots} busy`,
    /** @param {string} window @param {number} left @param {number} limit */
    left: (window, left, limit) => `${left} of ${limit} left this ${window}`,
    /** @param {number} processes */
    ownView: (processes) =>
      `As one of ${processes} processes sees it; the rest of this page is common to all.`,
    storageProblem: "Nothing new can be kept: the disk is full or cannot be written to.",
    storage: "Storage",
    nothing: "Nothing.",
    kept: "Pictures kept",
    free: "Free on the disk",
    cancel: "Cancel",
    columns: {
      code: "Code",
      who: "Who",
      door: "Door",
      model: "Model",
      state: "State",
      since: "Since",
      reason: "Reason",
      orders: "Orders",
      last: "Last seen",
      painter: "Painted by",
      provider: "Service",
      slots: "Slots",
      open: "Orders",
      lastMade: "Last picture",
      lastFailed: "Last failure",
      quota: "Quota",
      scope: "Of",
      preset: "Presets",
    },
  },
  setup: {
    heading: "Set it up",
    intro:
      "Without an image service, simple scenes are drawn. Say here who paints; everything can be changed later, and every field may stay empty.",
    once: "One-time key",
    onceHint: "It is in the address that the server printed at its start, behind once=.",
    service: "Image service",
    exacg: "梦羽 AI (Z-Image)",
    exacgHint: "Sign in at sd.exacg.cc, open your profile, and copy the API key.",
    openai: "Another service with OpenAI's API",
    enhancer: "Enhancer",
    enhancerHint: "An LLM that turns a few words into a full prompt. Optional.",
    discord: "Discord",
    discordHint: "discord.com/developers → New Application → Bot → Reset Token. Optional.",
    telegram: "Telegram",
    telegramHint: "Write /newbot to @BotFather and copy the token. Optional.",
    apiKey: "API key",
    address: "Address",
    model: "Model",
    token: "Token",
    fixed: "set in the environment, which wins",
    kept: "is set; leave empty to keep it",
    check: "Check",
    checking: "Checking…",
    save: "Save and restart",
    saving: "Restarting…",
    skip: "Skip, and sketch",
    done: "Done. Drawbridge is running with these settings.",
    open: "Open the page and make a test picture",
    /** @param {{ code: string, variable: string | null }} refusal */
    refused: ({ code, variable }) =>
      filled(setupRefusals[code] ?? setupRefusals["settings-unreadable"] ?? "", { variable }),
    good: "works",
    warning: "to think about",
    problem: "to put right",
  },
  /** @param {string} name */
  doorName: (name) => doorNames[name] ?? name,
  /** @param {string} state */
  doorState: (state) => doorStates[state.split(":")[0] ?? ""] ?? state,
  /** What went wrong at a service. @param {string} fault */
  fault: (fault) => faults[fault] ?? fault,
};
