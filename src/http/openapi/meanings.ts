/** What is handed on to an image service, where a model's catalogue entry allows it. */
export const extras =
  "For image services that know it, where the catalogue allows it; a notice otherwise.";

/** What each field of a request means, for people; one row for every name that some request knows. */
export const meanings: Readonly<Record<string, string>> = {
  prompt: "What the picture should show. A chat may say it in its last message of a user instead.",
  messages: "The conversation; the last message of a user is the prompt.",
  input: "A text, or a list of messages whose last one of a user is the prompt.",
  instructions: "Accepted, and not painted.",
  tools:
    "With a tool of the type image_generation the answer is a picture, whose fields may stand there.",
  model: "An id or an alias of the catalogue; without it the first model paints.",
  n: "How many pictures; their seeds follow one another.",
  size: 'Pixels as "WIDTHxHEIGHT", each side from 64 to 2048, or "auto".',
  width: "Pixels; goes with height, and wins over size.",
  height: "Pixels; goes with width, and wins over size.",
  aspect_ratio: 'From 1:3 to 3:1, such as "16:9".',
  quality: "How large and how careful: low, medium, high, standard, hd or auto.",
  seed: "1 to 2147483647 for the same picture again; 0, negative or absent: one is chosen.",
  steps: "How many steps the model takes, within its own limits.",
  cfg: "How closely the model follows the words.",
  negative_prompt: "What should not be in the picture.",
  enhance: "false: paint the words as they are.",
  response_format: "b64_json, which is the default, or url.",
  output_format: "png, jpeg or webp; by default whatever the image service made.",
  output_compression: "0 to 100, for jpeg and webp.",
  stream: "true: server-sent events.",
  stream_options: "include_usage: a last chunk says how many tokens the enhancer used.",
  reasoning: "true: a streamed chat tells how the work goes on, as reasoning_content.",
  modalities: 'With "image" in it, the picture comes in message.images instead of as a link.',
  image_config: "With an aspect_ratio in it: the shape, as OpenRouter's clients ask for it.",
  tool_choice: '"none": a message that shows the picture, also where the tool is there.',
  partial_images: "How many previews to send at most, where the image service shows any.",
  background: "true is refused: nothing runs on without its client here.",
  previous_response_id: "Refused: responses are not kept. Send all of the input.",
  wording: "kept: the same final prompt; anew: ask the enhancer again; own: the words as they are.",
  image: "The picture to start from, as a file (image or image[]) or in JSON as a data: URL.",
};
