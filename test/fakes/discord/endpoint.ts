import { generateKeyPairSync, sign } from "node:crypto";
import { invalidForm } from "./errors.ts";

/** Where interactions go over HTTP instead of over the gateway, signed with the application's key. */
export interface Endpoint {
  /** The application's public key, in hexadecimal digits. */
  readonly publicKey: string;
  /** The address; null where interactions go over the gateway. */
  readonly url: string | null;
  /** What the app answered, oldest first: statuses; "cut" where nothing came back. */
  readonly responses: readonly (number | "cut")[];
  /** The headers with which a body goes out. */
  readonly signed: (body: string, timestamp?: string) => Readonly<Record<string, string>>;
  /** Takes an address that tells right signatures from wrong ones, or none. Throws 50035 for any other. */
  change(url: string | null): Promise<void>;
  /** Sends an interaction. Does not wait. */
  send(payload: object): void;
}

/** An application's key and address. Nothing is sent to it until there is an address. */
export function createEndpoint(changed: () => void): Endpoint {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const responses: (number | "cut")[] = [];
  let address: string | null = null;

  const signed: Endpoint["signed"] = (body, timestamp = `${Math.floor(Date.now() / 1000)}`) => ({
    "content-type": "application/json",
    "x-signature-ed25519": sign(null, Buffer.from(timestamp + body), privateKey).toString("hex"),
    "x-signature-timestamp": timestamp,
    "user-agent": "Discord-Interactions/1.0 (+https://discord.com)",
  });

  async function answersPings(url: string): Promise<boolean> {
    const body = JSON.stringify({ id: "1", application_id: "1", type: 1, token: "t", version: 1 });
    const post = (headers: Readonly<Record<string, string>>) =>
      fetch(url, { method: "POST", headers, body });
    const wrong = await post({ ...signed(body), "x-signature-ed25519": "0".repeat(128) });
    const right = await post(signed(body));
    if (wrong.status !== 401 || right.status !== 200) return false;
    return ((await right.json()) as { type?: number }).type === 1;
  }

  return {
    publicKey: publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex"),
    get url() {
      return address;
    },
    responses,
    signed,
    async change(url) {
      if (url !== null && !(await answersPings(url).catch(() => false))) {
        const message = "The specified interactions endpoint url could not be verified.";
        const code = "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID";
        throw invalidForm([{ path: ["interactions_endpoint_url"], code, message }]);
      }
      address = url;
    },
    send(payload) {
      const body = JSON.stringify(payload);
      const sent = fetch(address ?? "", { method: "POST", headers: signed(body), body });
      void sent
        .then(
          ({ status }) => responses.push(status),
          () => responses.push("cut"),
        )
        .then(changed);
    },
  };
}
