import type { BucketOptions } from "./storage/s3-bucket.ts";
import { roles, type Variables } from "./variables.ts";

/** What is wrong with the settings that many processes and object storage need together. */
export function fleetProblems(given: Variables): [variable: string, problem: string][] {
  const { DATABASE_URL, DISCORD_SHARDS, ROLES, GATEWAY_API_KEY, IMAGE_LINKS, S3_BUCKET } = given;
  const problems: [string, string][] = [];
  if (DATABASE_URL === undefined && ROLES.size < roles.length) {
    problems.push(["ROLES", "needs DATABASE_URL: without it one process does everything"]);
  }
  if (DATABASE_URL === undefined && DISCORD_SHARDS !== undefined) {
    problems.push(["DISCORD_SHARDS", "needs DATABASE_URL: without it one process has all shards"]);
  }
  if (DATABASE_URL !== undefined && GATEWAY_API_KEY === undefined) {
    problems.push(["GATEWAY_API_KEY", "is needed with DATABASE_URL: all processes take the same"]);
  }
  if (IMAGE_LINKS === "presigned" && S3_BUCKET === undefined) {
    problems.push(["IMAGE_LINKS", "can be presigned only where S3_BUCKET is set"]);
  }
  if (S3_BUCKET !== undefined) {
    const missing = bucketNeeds.filter((name) => given[name] === undefined);
    problems.push(...missing.map((name): [string, string] => [name, "is needed with S3_BUCKET"]));
  }
  return problems;
}

const bucketNeeds = ["S3_ENDPOINT", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"] as const;

type BucketSettings = Pick<
  Variables,
  "S3_ENDPOINT" | "S3_BUCKET" | "S3_REGION" | "S3_ACCESS_KEY_ID" | "S3_SECRET_ACCESS_KEY"
>;

/** The bucket that pictures are kept in; undefined where they are files. */
export function bucketOf(
  config: BucketSettings,
  fetch: typeof globalThis.fetch,
): BucketOptions | undefined {
  const { S3_ENDPOINT: endpoint, S3_BUCKET: bucket, S3_REGION: region } = config;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = config;
  if (!endpoint || !bucket || !accessKeyId || !secretAccessKey) return undefined;
  return { endpoint, bucket, region, accessKeyId, secretAccessKey, fetch };
}
