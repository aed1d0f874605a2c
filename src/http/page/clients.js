/** What programs that speak OpenAI's API want to be told, and under which names. */

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
  const v1 = `${base}/v1`;
  return [
    {
      name: "Open WebUI",
      lines: [
        ["Admin → Settings → Connections → OpenAI → URL", v1],
        ["Key", key],
        ["Admin → Settings → Images → OpenAI → Model", model],
      ],
    },
    {
      name: "LibreChat",
      lines: [
        [
          "librechat.yaml",
          `endpoints:\n  custom:\n    - name: "Drawbridge"\n      apiKey: "${key}"\n      baseURL: "${v1}"\n      models:\n        default: ["${model}"]`,
        ],
        ["Tool", `IMAGE_GEN_OAI_BASEURL=${v1}\nIMAGE_GEN_OAI_API_KEY=${key}`],
      ],
    },
    {
      name: "NextChat",
      lines: [
        ["Settings → Custom Endpoint → Endpoint (without /v1)", base],
        ["API Key", key],
        ["Custom Models", `+${model}`],
      ],
    },
    {
      name: "LobeChat",
      lines: [
        ["OpenAI → API proxy URL", v1],
        ["API Key", key],
        ["Model", model],
      ],
    },
    {
      name: "Cherry Studio",
      lines: [
        ["Settings → Model Provider → Add (OpenAI) → API Host", base],
        ["API Key", key],
        ["Model", model],
      ],
    },
    {
      name: "Chatbox",
      lines: [
        ["Custom provider, OpenAI API compatible → API Host", v1],
        ["API Key", key],
        ["Model", model],
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
        ["Chat Completion → Custom (OpenAI-compatible) → Endpoint", v1],
        ["API Key", key],
        ["Model", model],
      ],
    },
    {
      name: "openai (Node)",
      lines: [
        [
          "JavaScript",
          `import OpenAI from "openai";\n\nconst client = new OpenAI({ baseURL: "${v1}", apiKey: "${key}" });\nconst { data } = await client.images.generate({ model: "${model}", prompt: "a quiet harbour at dawn" });`,
        ],
      ],
    },
    {
      name: "openai (Python)",
      lines: [
        [
          "Python",
          `from openai import OpenAI\n\nclient = OpenAI(base_url="${v1}", api_key="${key}")\nimage = client.images.generate(model="${model}", prompt="a quiet harbour at dawn")`,
        ],
      ],
    },
    {
      name: "curl",
      lines: [
        [
          "Shell",
          `curl ${v1}/images/generations \\\n  -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" \\\n  -d '{ "model": "${model}", "prompt": "a fox in the snow", "response_format": "url" }'`,
        ],
      ],
    },
  ];
}
