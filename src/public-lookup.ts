import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { isPublicAddress, PrivateAddress } from "../core/wire/download.ts";

/**
 * Resolves a name like the system does, but only to public addresses: a name that also stands for a private one is
 * refused with PrivateAddress. Being the lookup of the connection itself, it cannot be fooled by a second answer.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) {
      callback(error, "");
      return;
    }
    const hidden = addresses.find(({ address }) => !isPublicAddress(address));
    const [first] = addresses;
    if (hidden || !first) callback(new PrivateAddress(hostname), "");
    else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};
