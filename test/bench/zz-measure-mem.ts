// usage: node /tmp/measure.ts <tree> <setting: upstream|kept> <picture tiny|2mb> <endpoint chat|url|b64> [seconds] [rounds] [profile-dir]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
const [, , tree, links, picture, kind, secs = "2", rounds = "3", prof] = process.argv;
const { startServer } = await import(`${tree}/test/bench/children.ts`);
const { send } = await import(`${tree}/test/bench/load.ts`);
if (prof) process.env.NODE_OPTIONS = "";
const service = await startServer("image-service.ts");
const dir = mkdtempSync(join(tmpdir(), "m-"));
const env = {
  PORT: "0",
  DATA_DIR: dir,
  GATEWAY_API_KEY: "the-key",
  SD_API_KEY: "sk",
  SD_API_BASE_URL: `${service.url}/${picture}`,
  SD_CONCURRENCY: "64",
  MAX_QUEUED: "100000",
  MAX_QUEUED_PER_USER: "100000",
  LOG_LEVEL: "warn",
  IMAGE_LINKS: links,
  JOBS: "memory",
  ...(prof ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${prof} --cpu-prof-interval=200` } : {}),
};
const ours = await startServer("drawbridge.ts", env);
const bare = await startServer("pass-through.ts", {
  SD_API_BASE_URL: `${service.url}/${picture}`,
  IMAGE_LINKS: links,
});
const words = (n: number) => `a cat in the snow ${n}`;
const ep = {
  chat: [
    "/v1/chat/completions",
    (n: number) => JSON.stringify({ messages: [{ role: "user", content: words(n) }] }),
  ],
  url: [
    "/v1/images/generations",
    (n: number) => JSON.stringify({ prompt: words(n), response_format: "url" }),
  ],
  b64: [
    "/v1/images/generations",
    (n: number) => JSON.stringify({ prompt: words(n), response_format: "b64_json" }),
  ],
}[kind!] as [string, (n: number) => string];
const headers = { authorization: "Bearer the-key" };
for (const s of [ours, bare]) await send({ url: s.url, path: ep[0], headers, body: ep[1] }, 64, 1);
const tot: any[] = [];
for (const s of [ours, bare]) tot.push({ n: 0, sec: 0, cpu0: (await s.usage()).cpu, times: [] });
for (let r = 0; r < Number(rounds); r++)
  for (const [i, s] of [ours, bare].entries()) {
    const b = await send({ url: s.url, path: ep[0], headers, body: ep[1] }, 64, Number(secs));
    if (b.failures) console.log("failures", b.failures);
    tot[i].n += b.requests;
    tot[i].sec += b.seconds;
    tot[i].times.push(...b.times);
  }
for (const [i, s] of [ours, bare].entries()) {
  const u = await s.usage();
  tot[i].cpu = (u.cpu - tot[i].cpu0) / tot[i].n / 1000;
  tot[i].peak = u.peakMemory / 2 ** 20;
  tot[i].times.sort((a: number, b: number) => a - b);
}
const p = (t: number[]) => t[Math.floor(t.length * 0.99)]!.toFixed(1);
console.log(
  `${kind} ${links} ${picture}: ours ${(tot[0].n / tot[0].sec).toFixed(0)}/s cpu ${tot[0].cpu.toFixed(3)} p99 ${p(tot[0].times)} | bare ${(tot[1].n / tot[1].sec).toFixed(0)}/s cpu ${tot[1].cpu.toFixed(3)} p99 ${p(tot[1].times)} | throughput ${((tot[0].n / tot[0].sec / (tot[1].n / tot[1].sec)) * 100).toFixed(0)}% cpu ${((tot[1].cpu / tot[0].cpu) * 100).toFixed(0)}% peak ${tot[0].peak.toFixed(0)}`,
);
if (prof) {
  process.kill;
}
await ours.stop();
await bare.stop();
await service.stop();
rmSync(dir, { recursive: true, force: true });
