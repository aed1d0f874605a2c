import { onTestFinished } from "vitest";
import { sqliteSettings } from "../../src/storage/sqlite-people.ts";
import { sqlitePlatformFiles } from "../../src/storage/sqlite-archive.ts";
import { aDirectory } from "../builders.ts";
import { platformFilesContract } from "../contract/platform-files.ts";
import { settingsContract } from "../contract/settings.ts";
import { openStores } from "../fakes/studio.ts";

function someStores() {
  const stores = openStores(aDirectory());
  onTestFinished(() => stores.database.close());
  return stores;
}

settingsContract("SQLite", () => sqliteSettings(someStores().database));
platformFilesContract("SQLite", () => {
  const stores = someStores();
  return { ...stores, files: sqlitePlatformFiles(stores.database) };
});
