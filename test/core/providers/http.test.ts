import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Fetch } from "../../../core/wire/fetch.ts";
import { bearer, endpoint, postJson } from "../../../core/providers/http.ts";
import { startImageService } from "../../fakes/image-service.ts";
import { createFetches } from "../../../src/fetches.ts";

const { any: fetch } = createFetches();

function post(url: string, fetch: Fetch) {
  return postJson({
    provider: "p",
    fetch,
    url: new URL(url),
    headers: {},
    body: { prompt: "a cat" },
    schema: z.unknown(),
    maxReplyBytes: 1_000,
    hidden: [],
    signal: new AbortController().signal,
  });
}

function failure(transient: boolean) {
  const details = { provider: "p", fault: "unreachable", transient, paid: !transient };
  return { code: "provider-failed", details };
}

/** What undici throws when the connection ends in this way. */
function failingWith(cause: unknown): Fetch {
  return async () => {
    throw new TypeError("fetch failed", { cause });
  };
}

function systemError(code: string, syscall: string | undefined) {
  return Object.assign(new Error(code), { code, ...(syscall ? { syscall } : {}) });
}

describe("postJson", () => {
  test("knows that nothing was started when nobody listens", async () => {
    const service = await startImageService();
    await service.close();
    await expect(post(service.url, fetch)).rejects.toMatchObject(failure(true));
  });

  test("knows that nothing was started when the other side speaks no TLS", async () => {
    const service = await startImageService();
    const url = service.url.replace("http:", "https:");
    await expect(post(url, fetch)).rejects.toMatchObject(failure(true));
    await service.close();
  });

  test.for([
    ["ECONNREFUSED", "connect"],
    ["ENOTFOUND", "getaddrinfo"],
    ["EAI_AGAIN", "getaddrinfo"],
    ["EHOSTUNREACH", "connect"],
    ["ENETUNREACH", "connect"],
    ["ETIMEDOUT", "connect"],
    ["ECONNREFUSED", undefined],
    ["UND_ERR_CONNECT_TIMEOUT", undefined],
    ["CERT_HAS_EXPIRED", undefined],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", undefined],
    ["SELF_SIGNED_CERT_IN_CHAIN", undefined],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", undefined],
    ["ERR_TLS_CERT_ALTNAME_INVALID", undefined],
    ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", undefined],
    ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", undefined],
  ] as const)("knows that nothing was started by %s of %s", async ([code, syscall]) => {
    const result = post("https://p.example", failingWith(systemError(code, syscall)));
    await expect(result).rejects.toMatchObject(failure(true));
  });

  test("knows that nothing was started when every address of a name refuses", async () => {
    const errors = [systemError("ECONNREFUSED", "connect"), systemError("ETIMEDOUT", "connect")];
    const result = post("https://p.example", failingWith(new AggregateError(errors)));
    await expect(result).rejects.toMatchObject(failure(true));
  });

  test.for([
    ["ECONNRESET", "read"],
    ["EHOSTUNREACH", "read"],
    ["ETIMEDOUT", "read"],
    ["EPIPE", "write"],
    ["UND_ERR_SOCKET", undefined],
    ["UND_ERR_HEADERS_TIMEOUT", undefined],
    ["UND_ERR_BODY_TIMEOUT", undefined],
    ["SOMETHING_NEW", undefined],
  ] as const)("fears that the work was done after %s of %s", async ([code, syscall]) => {
    const result = post("https://p.example", failingWith(systemError(code, syscall)));
    await expect(result).rejects.toMatchObject(failure(false));
  });

  test("keeps what broke the connection as the cause", async () => {
    const cause = systemError("ECONNRESET", "read");
    const result = post("https://p.example", failingWith(cause));
    await expect(result).rejects.toMatchObject({ cause: { cause } });
  });

  test("does not follow a redirect, which could carry key and words to another host", async () => {
    const [service, other] = [await startImageService(), await startImageService()];
    const location = `${other.url}/v1/images/generations`;
    const answer = () => ({ status: 307, headers: { location }, body: "" });
    service.misbehave({ reply: { answer } });
    const result = post(`${service.openaiUrl}/images/generations`, fetch);
    await expect(result).rejects.toMatchObject({ details: { fault: "rejected", paid: false } });
    expect([...other.requests, ...other.strays]).toEqual([]);
    await Promise.all([service.close(), other.close()]);
  });
});

describe("bearer", () => {
  test("makes the header that carries a key", () => {
    expect(bearer("sk-1")).toEqual({ authorization: "Bearer sk-1" });
  });

  test.for(["", "sk-secret\n", "sk-secret x", "sk-secret\u00e9", "sk-secret密"])(
    "refuses %j without showing it",
    (key) => {
      expect(() => bearer(key)).toThrow(/^(?!.*sk-secret).+copy it again/s);
    },
  );
});

describe("endpoint", () => {
  test.for([
    ["https://sd.exacg.cc", "https://sd.exacg.cc/api/x"],
    ["https://sd.exacg.cc/", "https://sd.exacg.cc/api/x"],
    ["https://relay.example/exacg", "https://relay.example/exacg/api/x"],
    ["https://relay.example/exacg/#top", "https://relay.example/exacg/api/x"],
    ["https://azure.example/v1?api-version=2", "https://azure.example/v1/api/x?api-version=2"],
    ["http://127.0.0.1:1234/v1", "http://127.0.0.1:1234/v1/api/x"],
  ] as const)("finds a path under %s", ([baseUrl, expected]) => {
    expect(endpoint(baseUrl, "api/x").href).toBe(expected);
  });

  test.for(["", "secret.example", "ftp://secret.example", "https://user:secret@example.com"])(
    "refuses %s without showing it",
    (baseUrl) => {
      expect(() => endpoint(baseUrl, "x")).toThrow(/^(?!.*secret).*base URL/s);
    },
  );
});
