import { retrying } from "../../../core/providers/retrying.ts";
import { providerContract } from "../../contract/provider.ts";
import { queueingService } from "../../fakes/queueing-service.ts";

for (const [name, made] of [
  ["A provider whose service has ids for its work", (provider) => provider],
  ["The same provider, retrying", (provider) => retrying(provider)],
] as const satisfies [string, typeof retrying][]) {
  providerContract(name, {
    create() {
      const service = queueingService();
      return {
        provider: made(service.provider()),
        calls: () => service.orders,
        restarted: () => made(service.provider()),
        forget: service.forget,
      };
    },
  });
}
