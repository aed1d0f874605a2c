import type { Job } from "../../../core/job.ts";
import type { Answer } from "../answer.ts";
import {
  type ChatHead,
  type ChatUsage,
  type Chunks,
  chatChunks,
  type MessageContent,
} from "./completion.ts";
import type { Hold } from "../clients.ts";
import type { Door } from "../context.ts";
import { problemOf } from "../errors.ts";
import { eventStream, type EventWriter } from "../event-stream.ts";
import { finishedJob, finishedWithProgress, progressLine } from "../progress.ts";

/** What a streamed answer of a chat is made from. */
export interface ChatStream {
  readonly hold: Hold;
  readonly head: ChatHead;
  readonly withUsage: boolean;
  /** Send progress as reasoning, which clients show apart from the answer and leave out of the history. */
  readonly withProgress: boolean;
  readonly messageOf: (job: Job) => Promise<MessageContent>;
  readonly usageOf: (job: Job) => ChatUsage;
}

/** The streamed answer of a chat: its first event is sent at once, the picture in one piece. */
export function streamChat(door: Door, stream: ChatStream): Answer {
  const { hold, head, withUsage } = stream;
  const chunks = chatChunks(head, withUsage);

  async function write(writer: EventWriter): Promise<void> {
    writer.send(chunks.role());
    let job = hold.job;
    try {
      job = await finished(door, stream, writer, chunks);
      const { content, images } = await stream.messageOf(job);
      writer.send(chunks.delta({ content }));
      // LobeChat drops the content of a delta that has pictures.
      if (images) await writer.sendPictures(chunks.delta({ images }));
    } catch (error) {
      sendError(door, hold, writer, { error, chunks });
    }
    writer.send(chunks.finish());
    for (const chunk of chunks.usage(stream.usageOf(job))) writer.send(chunk);
    writer.done();
  }

  return eventStream({ write, door });
}

function finished(door: Door, stream: ChatStream, writer: EventWriter, chunks: Chunks) {
  const { hold, withProgress } = stream;
  if (!withProgress) return finishedJob(door, hold);
  const startedAt = performance.now();
  return finishedWithProgress(door, hold, door.settings.progressEveryMs, (status) => {
    const reasoning_content = `${progressLine(status, performance.now() - startedAt)}\n`;
    writer.send(chunks.delta({ reasoning_content }));
  });
}

/** Sends an error as text, for clients that ignore error chunks, and as an error chunk for the others. */
function sendError(
  door: Door,
  hold: Hold,
  writer: EventWriter,
  { error, chunks }: { error: unknown; chunks: Chunks },
): void {
  const { body: answer } = problemOf(error, door.log, { job: hold.job.code });
  writer.send(chunks.delta({ content: `**⚠️ ${answer.error.message}**` }));
  writer.send(answer);
}
