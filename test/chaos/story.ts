import { setTimeout as sleep } from "node:timers/promises";
import { vi } from "vitest";
import { seedOf } from "../../core/brief.ts";
import type { Job } from "../../core/job.ts";
import { openStores } from "../fakes/studio.ts";
import type { Installation, Life } from "./installation.ts";
import { People, type Wish } from "./people.ts";
import type { Random } from "./random.ts";
import { aPair } from "./troubles.ts";

/** What befell two parts at once, in all rounds together. */
export interface Tally {
  rounds: number;
  wishes: number;
}

/** What is known when all is over. */
export interface Story {
  readonly people: People;
  readonly jobs: ReadonlyMap<string, Job>;
  /** What each key was answered in the end. */
  readonly replays: readonly { readonly wish: Wish; readonly response: Response | undefined }[];
  /** How often each picture was painted, by the code of its job. */
  readonly painted: ReadonlyMap<string, readonly number[]>;
  readonly pairs: ReadonlyMap<string, Tally>;
  readonly startsMs: readonly number[];
  readonly kills: number;
  /** Starts that the process refused by itself, as on a full disk. */
  readonly refusedStarts: number;
  /** Ends that nobody had asked for. */
  readonly crashes: number;
  readonly openPromises: number;
  /** Charged pictures less those that jobs account for, by requester and day. */
  readonly overcharged: readonly number[];
  readonly picturesRead: number;
  readonly picturesLost: number;
}

/** How often, at the least, the process is killed, and how long the last life has to bring everything to its end. */
export interface Plan {
  readonly kills: number;
  readonly random: Random;
  readonly settleMs: number;
}

/** Lets the installation live and die under pairs of troubles, and then in peace to the end of every job. */
export async function liveThrough(installation: Installation, plan: Plan): Promise<Story> {
  const rounds = new Rounds(installation, plan);
  await rounds.all();
  const { people } = rounds;
  installation.service.setDelay(0);
  const { life, url } = await rounds.open();
  const isOver = () => installation.rows("SELECT 1 FROM ledger").length === 0;
  await vi.waitUntil(isOver, { timeout: plan.settleMs, interval: 100 }).catch(() => undefined);
  const replays = [];
  for (const wish of people.wishes) {
    replays.push({ wish, response: await people.askHttp(url, wish) });
  }
  await vi.waitUntil(isOver, { timeout: plan.settleMs, interval: 100 }).catch(() => undefined);
  const openPromises = installation.rows("SELECT 1 FROM ledger").length;
  const read = await readPictures(url, installation);
  await life.end("SIGTERM");
  const { jobs, overcharged } = await readStores(installation.directory);
  const { pairs, startsMs, kills, refusedStarts, crashes } = rounds;
  const painted = new Map(
    [...jobs.values()].map((job) => [job.code, paintedOf(job, installation)]),
  );
  const figures = { pairs, startsMs, kills, refusedStarts, crashes, openPromises, overcharged };
  return { people, jobs, replays, painted, ...figures, ...read };
}

class Rounds {
  readonly people: People;
  readonly pairs = new Map<string, Tally>();
  readonly startsMs: number[] = [];
  kills = 0;
  refusedStarts = 0;
  crashes = 0;
  readonly #installation: Installation;
  readonly #plan: Plan;

  constructor(installation: Installation, plan: Plan) {
    this.#installation = installation;
    this.#plan = plan;
    this.people = new People(installation);
  }

  async all(): Promise<void> {
    const { discord } = this.#installation;
    const { life } = await this.open();
    await discord.until(() => discord.commands().length > 0);
    await this.#kill(life);
    while (this.kills < this.#plan.kills) await this.#round();
  }

  /** A life that listens; where it refuses to start, what hinders it is put right before the next try. */
  async open(putRight?: () => Promise<void>): Promise<{ life: Life; url: string }> {
    const startedAt = performance.now();
    const life = this.#installation.start();
    const url = await life.opened;
    if (url !== undefined) {
      this.startsMs.push(performance.now() - startedAt);
      return { life, url };
    }
    if (!putRight) throw new Error("It did not start.");
    this.refusedStarts++;
    await putRight();
    return this.open();
  }

  async #round(): Promise<void> {
    const { random } = this.#plan;
    const pair = aPair(random);
    const tally = this.#tallyOf(pair.parts.join(" × "));
    tally.rounds++;
    const end = once(await pair.begin(this.#installation));
    if (pair.names.includes("killed while it starts")) await this.#dieStarting();
    const { life, url } = await this.open(end);
    this.#installation.service.setDelay(random() * 300);
    const asked = this.people.ask(url, random);
    if (pair.names.includes("killed as soon as it works")) await this.#work();
    else await sleep(100 + random() * 900);
    const isPatient = random() < 0.5;
    if (isPatient) {
      await end();
      await sleep(random() * 600);
    }
    if (pair.names.includes("killed while it stops")) {
      void life.end("SIGTERM");
      await sleep(random() * 200);
    } else if (await hasEnded(life)) {
      this.crashes++;
    }
    await this.#kill(life);
    await end();
    tally.wishes += await asked;
  }

  async #dieStarting(): Promise<void> {
    const life = this.#installation.start();
    await sleep(this.#plan.random() * Math.min(1500, this.startsMs[0] ?? 1000));
    await this.#kill(life);
  }

  /** Until a job is under way, if one comes to be. */
  async #work(): Promise<void> {
    const works = () =>
      this.#installation.rows("SELECT 1 FROM jobs WHERE state IN ('queued', 'running')").length > 0;
    await vi.waitUntil(works, { timeout: 2000, interval: 5 }).catch(() => undefined);
  }

  async #kill(life: Life): Promise<void> {
    await life.end("SIGKILL");
    this.kills++;
  }

  #tallyOf(name: string): Tally {
    const tally = this.pairs.get(name) ?? { rounds: 0, wishes: 0 };
    this.pairs.set(name, tally);
    return tally;
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

async function hasEnded({ ended }: Life): Promise<boolean> {
  return Promise.race([ended.then(() => true), sleep(0).then(() => false)]);
}

// === When all is over

/** How often the service painted each picture of a job, whichever of them came to be. */
export function paintedOf(
  { brief }: Job,
  { service, unpainted }: Pick<Installation, "service" | "unpainted">,
): number[] {
  const { prompt, seed, count } = brief;
  const orders = service.requests.filter(
    ({ body }, at) => !unpainted.has(at) && body["prompt"] === prompt,
  );
  const seeds = Array.from({ length: count }, (_, index) => seedOf(seed, index + 1));
  return seeds.map((each) => orders.filter(({ body }) => body["seed"] === each).length);
}

async function readPictures(url: string, installation: Installation) {
  let picturesRead = 0;
  let picturesLost = 0;
  const sql = `SELECT made.value ->> 'id' AS id, made.value ->> 'format' AS format
    FROM archive, json_each(archive.record, '$.pictures') AS made`;
  for (const { id, format } of installation.rows(sql)) {
    const response = await fetch(`${url}/images/${String(id)}.${String(format)}`);
    await response.arrayBuffer();
    if (response.ok) picturesRead++;
    else picturesLost++;
  }
  return { picturesRead, picturesLost };
}

const dayMs = 86_400_000;

async function readStores(directory: string) {
  const { database, archive } = openStores(directory);
  const codes = database.statement("SELECT code FROM jobs").all();
  const found = await Promise.all(codes.map(({ code }) => archive.find(String(code))));
  const jobs = new Map(found.flatMap((job) => (job ? [[job.code, job] as const] : [])));
  const accounted = new Map<string, number>();
  for (const { requester, createdAt, pictures } of jobs.values()) {
    const name = `${requester.id} ${createdAt - (createdAt % dayMs)}`;
    accounted.set(name, (accounted.get(name) ?? 0) + pictures.length);
  }
  const charges = database.statement("SELECT * FROM charges WHERE span = 'day'").all();
  database.close();
  const overcharged = charges.map(
    ({ requester, since, count }) =>
      Number(count) - (accounted.get(`${String(requester)} ${Number(since)}`) ?? 0),
  );
  return { jobs, overcharged };
}
