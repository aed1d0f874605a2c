import type { Job } from "../../core/job.ts";
import type { Installation } from "./installation.ts";
import type { Story } from "./story.ts";

/** What people see of a finished job in their chat. */
interface Seen {
  readonly text: string;
  readonly pictures: number;
}

type Told = Pick<Story, "jobs" | "people">;
type Platforms = Pick<Installation, "discord" | "telegram">;

/** Codes of done jobs that are shown more than once, and of those that nothing in the chat speaks of. */
export function shownOf(story: Told, installation: Platforms) {
  const twice: string[] = [];
  const silent: string[] = [];
  const seen = {
    discord: seenInDiscord(story, installation),
    telegram: seenInTelegram(story, installation),
  };
  for (const job of story.jobs.values()) {
    const { door, state } = job.delivery;
    if (job.state !== "done" || (door !== "discord" && door !== "telegram")) continue;
    const about = seen[door].filter(({ text }) => text.includes(job.code));
    if (about.filter(({ pictures }) => pictures > 0).length > 1) twice.push(job.code);
    if (about.length === 0 && state !== "gone") silent.push(job.code);
  }
  const telegram = doneAt(story, "telegram").reduce(
    (sum, { pictures }) => sum + pictures.length,
    0,
  );
  const photos = seen.telegram.reduce((sum, { pictures }) => sum + pictures, 0);
  if (photos > telegram) twice.push(`${photos - telegram} photos too many in Telegram`);
  return { twice, silent };
}

function seenInDiscord({ people }: Told, { discord }: Platforms): Seen[] {
  const places = [people.channel, discord.directMessages(people.anna)];
  return places.flatMap((place) =>
    discord
      .messages(place, people.anna)
      .map(({ text, files }) => ({ text, pictures: files.length })),
  );
}

function seenInTelegram({ people }: Told, { telegram }: Platforms): Seen[] {
  return telegram.chat(people.tina.id).ofBot.map(({ text, caption, photo, document }) => ({
    text: text ?? caption ?? "",
    pictures: photo || document ? 1 : 0,
  }));
}

function doneAt({ jobs }: Told, door: string): Job[] {
  return [...jobs.values()].filter(
    ({ state, delivery }) => state === "done" && delivery.door === door,
  );
}

/** The figures as a table. */
export function report(story: Story, installation: Installation, seed: number): string {
  const jobs = [...story.jobs.values()];
  const painted = [...story.painted.values()].flat();
  const failed = (code: string) => jobs.filter(({ error }) => error?.code === code).length;
  const { twice, silent } = shownOf(story, installation);
  const starts = story.startsMs.toSorted((a, b) => a - b);
  const unsure = [
    ...seenInDiscord(story, installation),
    ...seenInTelegram(story, installation),
  ].filter(({ text }) => text.includes("may not have arrived"));
  const figures = {
    "seed of this plan (CHAOS_SEED)": seed,
    "kills (CHAOS_KILLS)": story.kills,
    "starts that were refused (disk)": story.refusedStarts,
    "start-up, median ms": Math.round(starts[starts.length >> 1] ?? 0),
    "wishes over HTTP": story.people.wishes.length,
    "jobs on disk": jobs.length,
    "… over HTTP, Discord, Telegram": ["http", "discord", "telegram"]
      .map((door) => jobs.filter(({ delivery }) => delivery.door === door).length)
      .join(", "),
    "… done": jobs.filter(({ state }) => state === "done").length,
    "… failed at the service": failed("provider-failed") + failed("provider-busy"),
    "… failed at the disk": failed("storage-failed"),
    "… failed, cut off twice": failed("interrupted"),
    "… failed otherwise": jobs.filter(
      ({ error }) => error && !/^(?:provider|storage)-|^interrupted/.test(error.code),
    ).length,
    "… never ended": jobs.filter(({ finishedAt }) => finishedAt === null).length,
    "promises left open": story.openPromises,
    "pictures painted once": painted.filter((count) => count === 1).length,
    "… twice": painted.filter((count) => count === 2).length,
    "… more often": painted.filter((count) => count > 2).length,
    "pictures fetched, and lost": `${story.picturesRead}, ${story.picturesLost}`,
    "jobs shown twice in a chat": twice.length,
    "jobs missing without a word": silent.length,
    "words that something may not have arrived": unsure.length,
    "charges without their jobs": story.overcharged.filter((count) => count !== 0).length,
    "lines about bugs": installation.bugs.length,
  };
  const lines = Object.entries(figures).map(([name, value]) => `  ${name.padEnd(44)}${value}`);
  const pairs = [...story.pairs].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const table = pairs.map(
    ([name, { rounds, wishes }]) =>
      `  ${name.padEnd(24)}${`${rounds}`.padStart(6)}${`${wishes}`.padStart(8)}`,
  );
  const head = `  ${"troubles of".padEnd(24)}rounds  wishes`;
  return ["chaos:", ...lines, "", head, ...table].join("\n");
}
