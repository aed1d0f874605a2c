/** What programs that speak OpenAI's API want to be told, and where. */

import { words } from "./state.js";

/**
 * @typedef {object} Client
 * @property {string} name
 * @property {readonly (readonly [where: string, value: string])[]} lines
 */

/**
 * @param {{ base: string, key: string, model: string }} here `base` without a slash at its end and without /v1
 * @returns {readonly Client[]}
 */
export function clientsFor({ base, key, model }) {
  const w = words.value.connect.where;
  const [prompt] = words.value.examples;
  const v1 = `${base}/v1`;
  return [
    {
      name: "Open WebUI",
      lines: [
        [w.openWebUi, v1],
        [w.key, key],
        [w.openWebUiImages, model],
      ],
    },
    {
      name: "LibreChat",
      lines: [
        [
          "librechat.yaml",
          `endpoints:\n  custom:\n    - name: "Drawbridge"\n      apiKey: "${key}"\n      baseURL: "${v1}"\n      models:\n        default: ["${model}"]`,
        ],
        [".env", `IMAGE_GEN_OAI_BASEURL=${v1}\nIMAGE_GEN_OAI_API_KEY=${key}`],
      ],
    },
    {
      name: "NextChat",
      lines: [
        [w.nextChat, base],
        [w.key, key],
        [w.nextChatModels, `+${model}`],
      ],
    },
    {
      name: "LobeChat",
      lines: [
        [w.lobeChat, v1],
        [w.key, key],
        [w.model, model],
      ],
    },
    {
      name: "Cherry Studio",
      lines: [
        [w.cherryStudio, base],
        [w.key, key],
        [w.model, model],
      ],
    },
    {
      name: "Chatbox",
      lines: [
        [w.chatbox, v1],
        [w.key, key],
        [w.model, model],
      ],
    },
    {
      name: "Continue",
      lines: [
        [
          "config.yaml",
          `models:\n  - name: Drawbridge\n    provider: openai\n    model: ${model}\n    apiBase: ${v1}/\n    apiKey: ${key}`,
        ],
      ],
    },
    {
      name: "SillyTavern",
      lines: [
        [w.sillyTavern, v1],
        [w.key, key],
        [w.model, model],
      ],
    },
    {
      name: "openai (Node)",
      lines: [
        [
          "JavaScript",
          `import OpenAI from "openai";\n\nconst client = new OpenAI({ baseURL: "${v1}", apiKey: "${key}" });\nconst { data } = await client.images.generate({ model: "${model}", prompt: "${prompt}" });`,
        ],
      ],
    },
    {
      name: "openai (Python)",
      lines: [
        [
          "Python",
          `from openai import OpenAI\n\nclient = OpenAI(base_url="${v1}", api_key="${key}")\nimage = client.images.generate(model="${model}", prompt="${prompt}")`,
        ],
      ],
    },
    {
      name: "curl",
      lines: [
        [
          "Shell",
          `curl ${v1}/images/generations \\\n  -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" \\\n  -d '{ "model": "${model}", "prompt": "${prompt}", "response_format": "url" }'`,
        ],
      ],
    },
  ];
}
