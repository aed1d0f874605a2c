import type { Door, RequestContext } from "./context.ts";

/**
 * `GET /dashboard/billing/subscription` and `…/usage`, which NextChat and panels like it ask for beside the models: no
 * money is counted here, so every amount is nothing. What is left of a quota is in the headers of the pictures.
 */
export function showSubscription(_: Door, context: RequestContext): Response {
  return context.json({
    object: "billing_subscription",
    has_payment_method: true,
    soft_limit_usd: 0,
    hard_limit_usd: 0,
    system_hard_limit_usd: 0,
    access_until: 0,
  });
}

export function showUsage(_: Door, context: RequestContext): Response {
  return context.json({ object: "list", daily_costs: [], total_usage: 0 });
}
