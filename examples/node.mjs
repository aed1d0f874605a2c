// A picture and a chat with the openai package; the picture is saved as fox.png.
//   npm install openai && DRAWBRIDGE_KEY=your-key node examples/node.mjs
import { writeFile } from "node:fs/promises";
import OpenAI from "openai";

const { DRAWBRIDGE_URL = "http://127.0.0.1:8787", DRAWBRIDGE_KEY } = process.env;
const client = new OpenAI({ baseURL: `${DRAWBRIDGE_URL}/v1`, apiKey: DRAWBRIDGE_KEY });

const { data } = await client.images.generate({
  model: "Z-Image",
  prompt: "a fox in the snow, ratio 3:2",
});
await writeFile("fox.png", Buffer.from(data[0].b64_json, "base64"));
console.log(`fox.png was painted with the seed ${data[0].seed}`);

const answer = await client.chat.completions.create({
  model: "Z-Image",
  messages: [{ role: "user", content: "a quiet harbour at dawn" }],
});
console.log(answer.choices[0].message.content); // Markdown: the picture, the prompt, ratio, size and seed
