import { acknowledge, answerNamed, editAnswer, followUp } from "./answers.ts";
import { refusal } from "./errors.ts";
import type { Interaction } from "./interactions.ts";
import { type Answer, type Call, type Route, parameter, routes } from "./router.ts";

function callback(call: Call): Answer {
  const { platform, receivedAt } = call;
  const token = parameter(call, "token");
  const interaction = platform.interactions.answerable(
    parameter(call, "interaction"),
    token,
    receivedAt,
  );
  acknowledge({ platform, interaction, request: call }, receivedAt);
  return call.query.get("with_response") === "true"
    ? { status: 200, json: callbackResponse(call, interaction) }
    : { status: 204 };
}

function callbackResponse({ platform, json }: Call, interaction: Interaction) {
  const { id, type, answer } = interaction;
  const { type: callbackType } = json as { type: number };
  const made = answer
    ? {
        response_message_id: answer.id,
        response_message_loading: answer.loading,
        response_message_ephemeral: answer.visibleTo !== undefined,
      }
    : {};
  const told = answer && [4, 7].includes(callbackType);
  return {
    interaction: { id, type, ...made },
    ...(told
      ? { resource: { type: callbackType, message: platform.messages.payload(answer) } }
      : {}),
  };
}

/** The interaction whose token a path carries. Throws 10015 and 50027. */
function answeredOf(call: Call): Interaction {
  if (parameter(call, "application") !== call.platform.world.app.id)
    throw refusal("unknown-webhook");
  const interaction = call.platform.interactions.answered(parameter(call, "token"));
  if (interaction.channel.deleted) throw refusal("unknown-channel");
  return interaction;
}

function told({ platform }: Call, message: ReturnType<typeof answerNamed>): Answer {
  return { status: 200, json: platform.messages.payload(message) };
}

function edit(call: Call): Answer {
  const interaction = answeredOf(call);
  const message = answerNamed(interaction, parameter(call, "message"));
  editAnswer({ platform: call.platform, interaction, request: call }, message);
  return told(call, message);
}

function remove(call: Call): Answer {
  call.platform.messages.delete(answerNamed(answeredOf(call), parameter(call, "message")));
  return { status: 204 };
}

function follow(call: Call): Answer {
  const interaction = answeredOf(call);
  return told(call, followUp({ platform: call.platform, interaction, request: call }));
}

const WEBHOOK = "/webhooks/:application/:token";

/** Answers to interactions; their tokens are proof enough. */
export const interactionRoutes: readonly Route[] = routes(false, {
  "POST /interactions/:interaction/:token/callback": callback,
  [`POST ${WEBHOOK}`]: follow,
  [`GET ${WEBHOOK}/messages/:message`]: (call) =>
    told(call, answerNamed(answeredOf(call), parameter(call, "message"))),
  [`PATCH ${WEBHOOK}/messages/:message`]: edit,
  [`DELETE ${WEBHOOK}/messages/:message`]: remove,
});
