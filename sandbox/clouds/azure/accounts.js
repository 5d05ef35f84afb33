"use strict";
// Loaded before Azurite: its storage accounts come and go while it runs, as those of Azure do. Azurite itself reads them once
// a minute from an environment variable, which nobody can change from outside.
const Module = require("module");
const { readFileSync, statSync } = require("fs");
const { join } = require("path");

// Telemetry is switched off, and loading its client is most of Azurite's start.
const load = Module._load;
Module._load = function (name, ...rest) {
  return name === "applicationinsights" ? {} : load.call(this, name, ...rest);
};

const file = process.env.BYOB_AZURITE_ACCOUNTS;
const Store = require(join(process.env.BYOB_AZURITE, "dist/src/common/AccountDataStore.js")).default;
let seen = -1n;
let known = new Map();

Store.prototype.refresh = function () {};
Store.prototype.getAccount = function (name) {
  const changed = statSync(file, { bigint: true }).mtimeNs;
  if (changed !== seen) {
    const keys = Object.entries(JSON.parse(readFileSync(file, "utf8")));
    known = new Map(keys.map(([account, two]) => [account, { name: account, key1: Buffer.from(two[0], "base64"), key2: Buffer.from(two[1], "base64") }]));
    seen = changed;
  }
  return known.get(name);
};
