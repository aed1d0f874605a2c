import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type DownloadOptions,
  download,
  isPublicAddress,
  PrivateAddress,
} from "../../../core/wire/download.ts";
import { ImageError } from "../../../core/errors.ts";
import type { Fetch } from "../../../core/wire/fetch.ts";
import type { ImageLink } from "../../../core/provider.ts";
import type { ImageFaultName } from "../../fakes/image-faults.ts";
import { type ImageService, startImageService } from "../../fakes/image-service.ts";
import { createFetches } from "../../../src/fetches.ts";

const { any: fetch } = createFetches();

const neverFetch: Fetch = (url) => {
  throw new Error(`nobody may be asked for ${String(url)}`);
};

let service: ImageService;

beforeEach(async () => {
  service = await startImageService({ paints: { width: 16, height: 16 } });
});
afterEach(() => service.close());

function optionsWith(options: Partial<DownloadOptions> = {}): DownloadOptions {
  return {
    provider: "exacg",
    fetch,
    publicFetch: neverFetch,
    signal: new AbortController().signal,
    wait: async () => {},
    ...options,
  };
}

/** Orders a picture in exacg's dialect and answers with its link, which is trusted as a provider would. */
async function orderLink(...faults: ImageFaultName[]): Promise<ImageLink> {
  service.misbehave(...faults);
  const body = JSON.stringify({ prompt: "a cat", width: 16, height: 16, seed: 1 });
  const url = `${service.url}/api/v1/generate_image`;
  const reply = (await (await globalThis.fetch(url, { method: "POST", body })).json()) as {
    data: { image_url: string };
  };
  return { url: reply.data.image_url, trustedOrigin: service.url };
}

/** The internet: each name stands for the stand-in, whatever a guard would say about 127.0.0.1. */
function internet() {
  const asked: string[] = [];
  const publicFetch: Fetch = (url, init) => {
    const { href, pathname, search } = new URL(url);
    asked.push(href);
    return fetch(`${service.url}${pathname}${search}`, init);
  };
  return { asked, publicFetch };
}

function failure(fault: string) {
  const details = { provider: "exacg", fault, transient: false, paid: true };
  return { code: "provider-failed", details };
}

describe("download", () => {
  test("gets a picture from the service's own origin, even at a private address", async () => {
    const link = await orderLink();
    const bytes = await download(link, optionsWith());
    expect(Buffer.from(bytes).equals(service.pictures.get("1.png")!)).toBe(true);
  });

  test("gets a picture from anywhere else by the guarded way alone", async () => {
    await orderLink();
    const { asked, publicFetch } = internet();
    const link = { url: "https://pictures.example/pictures/1.png", trustedOrigin: service.url };
    const bytes = await download(link, optionsWith({ fetch: neverFetch, publicFetch }));
    expect(bytes.length).toBe(service.pictures.get("1.png")?.length);
    expect(asked).toEqual(["https://pictures.example/pictures/1.png"]);
  });

  test("sends no key and looks like a browser that wants a picture", async () => {
    await download(await orderLink(), optionsWith());
    const { headers } = service.downloads[0]!;
    expect(headers).not.toHaveProperty("authorization");
    expect(headers["user-agent"]).toMatch(/^Mozilla\/5\.0 .*Chrome/);
    expect(headers.accept).toContain("image/png");
  });

  test("follows redirects, each with another look at where it leads", async () => {
    const link = await orderLink("redirect-chain");
    const bytes = await download(link, optionsWith());
    expect(bytes.length).toBe(service.pictures.get("1.png")?.length);
    expect(service.downloads).toHaveLength(4);
  });

  test("asks nobody for a redirect's target inside, though the redirect came from outside", async () => {
    await orderLink("redirect-to-metadata");
    const { asked, publicFetch } = internet();
    const link = { url: "https://pictures.example/pictures/1.png", trustedOrigin: service.url };
    const result = download(link, optionsWith({ publicFetch }));
    await expect(result).rejects.toMatchObject(failure("unsafe-link"));
    expect(asked).toHaveLength(1);
  });

  test("follows a redirect from outside to the trusted origin", async () => {
    const { url } = await orderLink();
    const publicFetch: Fetch = async () =>
      new Response(null, { status: 302, headers: { location: url } });
    const link = { url: "https://pictures.example/a.png", trustedOrigin: service.url };
    await expect(download(link, optionsWith({ publicFetch }))).resolves.toBeInstanceOf(Uint8Array);
  });

  test.for([
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.1/a.png",
    "http://127.1/a.png",
    "http://2130706433/a.png",
    "http://0x7f.0.0.1/a.png",
    "http://0177.0.0.1/a.png",
    "http://127.0.0.1./a.png",
    "http://0.0.0.0/a.png",
    "http://10.1.2.3/a.png",
    "http://172.16.0.1/a.png",
    "http://192.168.1.1/a.png",
    "http://100.64.0.1/a.png",
    "http://224.0.0.1/a.png",
    "http://255.255.255.255/a.png",
    "http://[::1]/a.png",
    "http://[::]/a.png",
    "http://[::ffff:127.0.0.1]/a.png",
    "http://[::ffff:7f00:1]/a.png",
    "http://[::127.0.0.1]/a.png",
    "http://[64:ff9b::a9fe:a9fe]/a.png",
    "http://[2002:7f00:1::]/a.png",
    "http://[fe80::1]/a.png",
    "http://[fd00::1]/a.png",
    "http://localhost/a.png",
    "http://LOCALHOST./a.png",
    "http://api.localhost/a.png",
    "http://printer.local/a.png",
    "http://metadata.google.internal/a.png",
    "http://redis:6379/a.png",
    "http://①②⑦.⓪.⓪.①/a.png",
    "https://user:password@pictures.example/a.png",
    "https://user@pictures.example/a.png",
    "ftp://pictures.example/a.png",
    "file:///etc/passwd",
    "data:image/png;base64,AAAA",
    "javascript:alert(1)",
    "http://[no url",
    "",
  ])("asks nobody for %s", async (url) => {
    const link = { url, trustedOrigin: service.url };
    const result = download(link, optionsWith({ fetch: neverFetch }));
    await expect(result).rejects.toMatchObject(failure("unsafe-link"));
  });

  test("does not take another port of the trusted host for the trusted origin", async () => {
    const link = { url: "http://127.0.0.1:1/a.png", trustedOrigin: service.url };
    await expect(download(link, optionsWith())).rejects.toMatchObject(failure("unsafe-link"));
  });

  test("calls a link unsafe when its name turns out to lead inside", async () => {
    const publicFetch: Fetch = async () => {
      throw new TypeError("fetch failed", { cause: new PrivateAddress("10.0.0.1") });
    };
    const link = { url: "https://rebound.example/a.png", trustedOrigin: service.url };
    const result = download(link, optionsWith({ publicFetch }));
    await expect(result).rejects.toMatchObject(failure("unsafe-link"));
  });

  test("gives up on redirects without end", async () => {
    const link = await orderLink("redirect-loop");
    await expect(download(link, optionsWith())).rejects.toMatchObject(failure("unsafe-link"));
    expect(service.downloads).toHaveLength(6);
  });

  test.for([
    ["picture-of-5-gb", "bad-image"],
    ["endless-picture", "bad-image"],
    ["missing-picture", "server-error"],
    ["picture-error", "server-error"],
    ["picture-cut", "unreachable"],
  ] as const)("reports %s as %s", async ([fault, expected]) => {
    const link = await orderLink(fault);
    const result = download(link, optionsWith({ maxBytes: 4 * 1024 * 1024 }));
    await expect(result).rejects.toMatchObject(failure(expected));
  });

  test.for(["picture-hangs", "picture-trickles"] as const)(
    "ends with the signal's reason when %s",
    async (fault) => {
      const link = await orderLink(fault);
      const controller = new AbortController();
      const reason = new ImageError("timed-out", { afterMs: 50 });
      setTimeout(() => controller.abort(reason), 50);
      const result = download(link, optionsWith({ signal: controller.signal }));
      await expect(result).rejects.toBe(reason);
    },
  );

  test("tries again for a picture that is paid for, and keeps every error", async () => {
    const { url } = await orderLink();
    const errors = [new TypeError("fetch failed"), new TypeError("terminated")];
    const flaky: Fetch = (address, init) => {
      const error = errors.shift();
      if (error) throw error;
      return fetch(address, init);
    };
    const link = { url, trustedOrigin: service.url };
    await expect(download(link, optionsWith({ fetch: flaky }))).resolves.toBeInstanceOf(Uint8Array);
    const gone = await orderLink("missing-picture");
    const error = await download(gone, optionsWith()).catch((thrown: unknown) => thrown);
    expect((error as { cause: AggregateError }).cause.errors).toHaveLength(3);
  });

  test("does not try again where that cannot help", async () => {
    const link = await orderLink("endless-picture");
    await download(link, optionsWith({ maxBytes: 1024 })).catch(() => {});
    expect(service.downloads).toHaveLength(1);
  });

  test("takes the bytes, whatever their content type says", async () => {
    const bytes = await download(await orderLink("picture-as-text"), optionsWith());
    expect(bytes.length).toBe(service.pictures.get("1.png")?.length);
  });

  test("names the host but never the rest of a link in its messages", async () => {
    const url = "https://pictures.example/secret-path?token=secret-token";
    const publicFetch: Fetch = async () => new Response("", { status: 500 });
    const link = { url, trustedOrigin: service.url };
    const error = await download(link, optionsWith({ publicFetch })).catch((e: unknown) => e);
    expect((error as Error).message).toContain("pictures.example");
    expect((error as Error).message).not.toContain("secret");
  });
});

describe("isPublicAddress", () => {
  test.for(["8.8.8.8", "1.1.1.1", "203.0.114.1", "2606:4700::1111", "2a00:1450:4001::200e"])(
    "lets %s pass",
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  test.for([
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.127.255.255",
    "127.255.255.254",
    "169.254.169.254",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.168.0.1",
    "198.18.0.1",
    "203.0.113.1",
    "224.0.0.251",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::8.8.8.8",
    "::ffff:8.8.8.8",
    "::ffff:0:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:808:808::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "localhost",
    "",
    "8.8.8",
    "08.8.8.8",
    "134744072",
  ])("holds %s back", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
