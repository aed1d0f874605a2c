import type { Catalogue } from "../../core/catalogue.ts";
import { ImageError } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import type { Requester } from "../../core/request.ts";
import type { AppOptions } from "./app.ts";
import type { Answer } from "./answer.ts";
import type { About, Overview, ProviderState, RequestContext, ServedDoor } from "./context.ts";

/** What there is to tell where only the catalogue is known. */
export function aboutCatalogue({ models }: Catalogue): About {
  const painted = models.map(({ id, provider, edits, sizes }) => {
    const sketch = provider === "sketch";
    return {
      id,
      provider,
      painter: provider,
      sketch,
      edits: edits ?? null,
      ratios: Object.keys(sizes),
    };
  });
  const nothing = { enhancer: null, doors: {}, invites: {}, publicUrl: null, operator: false };
  return { models: painted, ...nothing };
}

const nothingToSee: Overview = {
  open: [],
  failed: [],
  people: [],
  presets: [],
  storage: { keptBytes: 0, freeBytes: 0 },
  processes: 1,
};

/** The door with everything that its routes need; what is not known here is empty. */
export function servedDoor(
  { door, doors, metrics, ...options }: AppOptions,
  people: ServedDoor["people"],
): ServedDoor {
  const {
    storage = async () => undefined,
    about = () => aboutCatalogue(door.catalogue),
    overview = async () => nothingToSee,
    providers = () => [],
  } = options;
  return { ...door, people, doors, metrics, storage, about, overview, providers };
}

/** `GET /v1/about`: what a page tells its reader of this installation. */
export async function showAbout(door: ServedDoor, context: RequestContext): Promise<Answer> {
  const requester = context.get("requester");
  const { publicUrl, ...about } = door.about(requester);
  const quotas = await quotasOf(door, requester);
  return {
    json: {
      object: "about",
      requester: requester.id,
      ...about,
      public_url: publicUrl,
      quotas,
    },
  };
}

async function quotasOf({ studio }: ServedDoor, requester: Requester) {
  const states = await studio.quotaOf(requester);
  return states.map(({ resetsAt, ...state }) => ({ ...state, resets_at: resetsAt }));
}

/** `GET /v1/overview`: for operators. Throws `not-yours` for all others. */
export async function showOverview(door: ServedDoor, context: RequestContext): Promise<Answer> {
  const requester = context.get("requester");
  const { operator, models, doors } = door.about(requester);
  if (!operator) throw new ImageError("not-yours", { code: "overview" });
  const { open, failed, people, presets, storage, processes } = await door.overview();
  const counted = people.map(async ({ id, jobs, lastAt }) => {
    return { id, jobs, last_at: lastAt, quotas: await quotasOf(door, { id }) };
  });
  return {
    json: {
      object: "overview",
      open: open.map((job) => rowOf(job, door)),
      failed: failed.map((job) => rowOf(job, door)),
      people: await Promise.all(counted),
      presets,
      providers: door.providers().map((one) => providerRow(one, open, door)),
      models,
      doors,
      processes,
      storage: {
        kept_bytes: storage.keptBytes,
        free_bytes: storage.freeBytes,
        problem: (await door.storage()) ?? null,
      },
    },
  };
}

/** A provider, with the pictures of jobs that are under way with it. */
function providerRow(state: ProviderState, open: readonly Job[], door: ServedDoor) {
  const { id, slots, failuresInRow, lastFault, lastFailedAt, lastMadeAt } = state;
  const its = open.filter(({ brief }) => door.catalogue.served(brief.model)?.provider === id);
  const isPainted = ({ code }: Job) => door.studio.view(code)?.stage === "painting";
  return {
    id,
    slots,
    painting: its.filter(isPainted).length,
    open: its.length,
    failures_in_row: failuresInRow,
    last_fault: lastFault,
    last_failed_at: lastFailedAt,
    last_made_at: lastMadeAt,
  };
}

/** A job without its words: those belong to their writers. */
function rowOf(
  { code, requester, delivery, brief, state, createdAt, error }: Job,
  door: ServedDoor,
) {
  const status = door.studio.view(code);
  return {
    code,
    requester: requester.id,
    door: delivery.door,
    model: brief.model,
    n: brief.count,
    state,
    stage: status?.stage ?? null,
    place: status?.position?.place ?? null,
    created: Math.floor(createdAt / 1000),
    error: error && { kind: error.code, ...error.details },
  };
}
