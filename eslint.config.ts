import type { Linter } from "eslint";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** One arrow that the house forbids: files here must not import anything matching `group`. */
function forbid(files: string[], ...patterns: { group: string[]; message: string }[]) {
  return {
    files,
    rules: { "no-restricted-imports": ["error", { patterns }] satisfies Linter.RuleEntry },
  };
}

const sdks = {
  group: ["discord.js", "grammy", "@grammyjs/*", "undici", "hono", "hono/*", "@hono/*"],
  message: "The core knows no SDK and no transport; take what you need as an argument.",
};
const machine = {
  group: ["node:*", "sharp"],
  message: "The core runs on any runtime; declare a port and let src/ adapt it.",
};
const pixels = {
  group: ["sharp"],
  message: "Only src/imaging.ts decodes pictures; take the Imaging port.",
};
const beside = [
  { group: ["**/src/**"], message: "A chat door knows the core alone." },
  { group: ["**/core/providers/*"], message: "A door knows nothing about image services." },
  pixels,
];
const above = {
  group: ["**/src/**", "**/bots/**"],
  message: "The core knows nobody above it.",
};

export default defineConfig(
  {
    ignores: [
      "node_modules/",
      "data/",
      "src/http/page/**/*.js",
      "src/before.cjs",
      "examples/",
      "dist/",
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { ignoreRestSiblings: true, varsIgnorePattern: "^_" },
      ],
      "max-params": ["error", 4],
      complexity: ["error", 12],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "max-lines": ["error", { max: 300, skipBlankLines: false, skipComments: false }],
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Named exports only." },
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: "Only src/config.ts and src/environment.ts read the environment.",
        },
      ],
    },
  },
  forbid(["core/*.ts", "core/!(providers)/**/*.ts"], sdks, machine, above, {
    group: ["**/providers/**"],
    message: "The core speaks to the ImageProvider port, never to one provider.",
  }),
  forbid(["core/providers/**/*.ts"], sdks, machine, above),
  {
    files: ["core/**/*.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        { name: "Buffer", message: "The core runs on any runtime: take a Uint8Array." },
      ],
    },
  },
  forbid(["bots/**/*.ts"], ...beside),
  forbid(["bots/discord/!(connection|gateway-rest).ts"], ...beside, {
    group: ["discord.js"],
    message: "What Discord sends is read as it comes, whatever brought it: discord-api-types.",
  }),
  forbid(
    ["src/http/**/*.ts", "src/storage/**/*.ts"],
    { group: ["**/bots/**"], message: "Doors do not know each other." },
    { group: ["**/core/providers/*"], message: "A door knows nothing about image services." },
    pixels,
  ),
  {
    // A Worker's entry is its default export.
    files: ["src/worker/worker.ts", "src/worker/single.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["src/config.ts", "src/environment.ts", "*.config.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      "max-lines": "off",
      "max-lines-per-function": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "no-restricted-syntax": "off",
    },
  },
);
