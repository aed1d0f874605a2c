/** Sentences from codes and their details: what failed, and what is said beside a picture. */

/** @typedef {Record<string, unknown>} Details */
/** @typedef {Readonly<Record<string, string>>} Sentences `{name}` stands for a detail */

/**
 * A new code of the core does not pass the type check until it has a sentence in each language.
 * @typedef {Sentences & Readonly<Record<import("../../../../core/errors.ts").ErrorCode, string>>
 *   & Readonly<Record<`provider-failed ${import("../../../../core/errors.ts").ProviderFault}`, string>>} FailureSentences
 * @typedef {Sentences & Readonly<Record<import("../../../../core/notices.ts").NoticeCode, string>>} NoticeSentences
 */

/**
 * @param {string} sentence
 * @param {Details} details
 */
export function filled(sentence, details) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = details[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : whole;
  });
}

/**
 * The sentence of a failure. The first of these that there is: with the detail that tells cases apart, and without.
 * @param {Sentences} sentences
 * @param {import("../api.js").Failure} failure
 * @param {string} gap between two sentences
 */
export function failureSentence(sentences, { kind, details }, gap) {
  const apart = ["whose", "window", "fault", "feature", "by", "problem", "field"];
  const keys = apart.map((name) => `${kind} ${String(details[name])}`);
  const paid = details["paid"] === true ? sentences["paid"] : undefined;
  const sentence = [...keys, kind].map((key) => sentences[key]).find((one) => one !== undefined);
  const main = sentence ?? sentences[kind.startsWith("http-4") ? "refused" : "failed"] ?? "";
  return [filled(main, details), paid].filter((part) => part !== undefined).join(gap);
}

/**
 * What is behind a failure for those who look into it, as names and values.
 * @param {Sentences} names by the details that they are for
 * @param {import("../api.js").Failure} failure
 * @returns {readonly (readonly [string, string])[]}
 */
export function failureFacts(names, { kind, details, requestId }) {
  // Why a service refuses, the server says in English alone; the sentence has said it already.
  const reason = details["by"] === "provider" ? undefined : details["reason"];
  /** @type {Details} */
  const facts = { ...details, kind, requestId, reason };
  return Object.entries(names).flatMap(([name, label]) => {
    const value = facts[name];
    const isTold = typeof value === "number" || (typeof value === "string" && value !== "");
    return isTold ? [/** @type {const} */ ([label, String(value)])] : [];
  });
}

/**
 * @param {Sentences} sentences
 * @param {Sentences} hints
 * @param {Details} notice
 * @param {string} comma
 */
export function noticeSentence(sentences, hints, notice, comma) {
  const code = String(notice["code"]);
  const recognised = Array.isArray(notice["recognised"]) ? notice["recognised"].map(String) : [];
  const details = {
    ...notice,
    hint: hints[String(notice["hint"])] ?? String(notice["hint"]),
    recognised: recognised.join(comma),
  };
  const key = code === "sketched" && recognised.length === 0 ? "sketched nothing" : code;
  return filled(sentences[key] ?? code, details);
}

/**
 * @param {string} locale
 * @returns {(ms: number) => string} "20 seconds", "3 minutes"; rounded up, so that no one comes too early
 */
export function spelledDuration(locale) {
  return (ms) => {
    const seconds = Math.max(1, Math.ceil(ms / 1000));
    const [value, unit] =
      seconds < 120
        ? [seconds, "second"]
        : seconds < 7200
          ? [Math.ceil(seconds / 60), "minute"]
          : [Math.ceil(seconds / 3600), "hour"];
    return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(
      value,
    );
  };
}
