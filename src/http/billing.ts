import type { Door, RequestContext } from "./context.ts";

/** Under the last part of their path; whatever else is asked for is answered as usage. */
const bills: Readonly<Record<string, object>> = {
  subscription: {
    object: "billing_subscription",
    has_payment_method: true,
    soft_limit_usd: 0,
    hard_limit_usd: 0,
    system_hard_limit_usd: 0,
    access_until: 0,
  },
  credit_grants: {
    object: "credit_summary",
    total_granted: 0,
    total_used: 0,
    total_available: 0,
    grants: { object: "list", data: [] },
  },
};

const usage = { object: "list", daily_costs: [], total_usage: 0 };

/**
 * `GET /dashboard/billing/…`, which NextChat and panels like it ask for beside the models: no money is counted here, so
 * every amount is nothing. What is left of a quota is in the headers of the pictures.
 */
export function showBill(_: Door, context: RequestContext): Response {
  const what = context.req.param("what") ?? "";
  const known = Object.hasOwn(bills, what) ? bills[what] : undefined;
  return context.json(known ?? usage);
}
