import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { routes } from "../src/http/routes.ts";
import { examineNames } from "../src/names.ts";
import { roles, variables } from "../src/variables.ts";
import { asMap, asText, asTexts, environmentOf } from "./fakes/compose.ts";
import { isMap, readYaml, type Yaml } from "./fakes/yaml.ts";

const root = join(import.meta.dirname, "..");
const read = (name: string) => readFileSync(join(root, name), "utf8");

const paths = new Set<string>(routes.map(({ path }) => path));

describe.each(["compose.yaml", "compose.scale.yaml"])("%s", (name) => {
  const file = readYaml(read(name));
  const services = asMap(file["services"]);
  const ours = Object.entries(services).filter(([, service]) => "build" in asMap(service));

  test("sets variables that there are, to values that a start takes", () => {
    expect(ours.length).toBeGreaterThan(0);
    for (const [, service] of ours) {
      const environment = environmentOf(service);
      for (const variable of Object.keys(environment))
        expect(variables.shape).toHaveProperty(variable);
      expect(examineNames(environment)).toEqual([]);
      const config = readConfig({ ...environment, GATEWAY_API_KEY: "a-key-of-the-tests" });
      expect(config.HOST).toBe("0.0.0.0");
    }
  });

  test("keeps its pictures, and leaves those under way their time", () => {
    for (const [, service] of ours) {
      const { volumes, stop_grace_period: grace } = asMap(service);
      const mounts = asTexts(volumes).map((mount) => mount.split(":"));
      expect(mounts.map(([, target]) => target)).toContain(environmentOf(service)["DATA_DIR"]);
      expect(Number.parseInt(asText(grace), 10)).toBeGreaterThan(15);
    }
  });

  test("names services, volumes and files that there are", () => {
    for (const service of Object.values(services)) {
      const { depends_on: needs = [], volumes } = asMap(service);
      const needed = isMap(needs) ? Object.keys(needs) : asTexts(needs);
      for (const other of needed) expect(services).toHaveProperty(other);
      for (const [other, how] of Object.entries(asMap(needs))) {
        const waits = asMap(how)["condition"] === "service_healthy";
        if (waits) expect(asMap(services[other])).toHaveProperty("healthcheck");
      }
      for (const mount of asTexts(volumes)) {
        const [source = ""] = mount.split(":");
        if (source.startsWith("./")) expect(existsSync(join(root, source)), source).toBe(true);
        else expect(asMap(file["volumes"])).toHaveProperty(source);
      }
    }
  });
});

describe("compose.scale.yaml", () => {
  const services = asMap(readYaml(read("compose.scale.yaml"))["services"]);
  const rolesOf = (service: Yaml | undefined) => environmentOf(service)["ROLES"]?.split(",") ?? [];
  const all = Object.values(services).flatMap(rolesOf);
  const having = (role: string) => all.filter((one) => one === role).length;

  test("gives each role to a process, and the two that carry the load to two", () => {
    expect([...new Set(all)].toSorted()).toEqual([...roles].toSorted());
    for (const role of ["http", "worker"]) expect(having(role)).toBe(2);
  });

  test("lets each process reach the database that it starts", () => {
    const given = environmentOf(services["postgres"]);
    for (const service of Object.values(services)) {
      const { DATABASE_URL } = environmentOf(service);
      if (DATABASE_URL === undefined) continue;
      const url = new URL(DATABASE_URL);
      expect(services).toHaveProperty(url.hostname);
      expect(url.username).toBe(given["POSTGRES_USER"]);
      expect(url.password).toBe(given["POSTGRES_PASSWORD"]);
      expect(url.pathname).toBe(`/${given["POSTGRES_DB"] ?? given["POSTGRES_USER"]}`);
    }
  });

  test("sends requests to the HTTP processes that are ready, by a route that there is", () => {
    const caddyfile = read("examples/Caddyfile.scale");
    const proxies = caddyfile.matchAll(/^\s*reverse_proxy (.*?)(?: \{)?$/gm);
    const targets = [...proxies].flatMap(([, words = ""]) => {
      return words.split(" ").filter((word) => !word.startsWith("/"));
    });
    for (const target of targets) {
      const [service = "", port] = target.split(":");
      expect(environmentOf(services[service])["PORT"], target).toBe(port);
    }
    const http = Object.keys(services).filter((name) => rolesOf(services[name]).includes("http"));
    expect(targets.map((target) => target.split(":")[0])).toEqual(expect.arrayContaining(http));
    expect(paths).toContain(/health_uri (\S+)/.exec(caddyfile)?.[1]);
  });
});

test("the image's own health check asks a route that there is", () => {
  const asked = /HEALTHCHECK[^"]*"http:\/\/[^/]*(\/\w+)"/.exec(read("Dockerfile"))?.[1];
  expect(paths).toContain(asked);
});
